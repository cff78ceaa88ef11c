// Bytes as text. No DOM.

/** Bytes in base64, as JSON carries them. */
export function base64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
