// Photographs of practicals: where one is shown from, and how one is made small before it is sent.

const WIDEST = 1280;
const QUALITIES = [0.75, 0.6, 0.45, 0.3];
const LARGEST = 140_000;

/** The address of a photograph. */
export const photoOf = (event, one) => `/api/v1/events/${event.id}/photos/${one.id}`;

/** A picture as a JPEG in base64 that fits: drawn anew, so that nothing of place and time comes along. */
export async function smallJpeg(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, WIDEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  for (const quality of QUALITIES) {
    const encoded = canvas.toDataURL("image/jpeg", quality).split(",")[1];
    if ((encoded.length * 3) / 4 <= LARGEST) return encoded;
  }
  throw new Error("too large");
}
