// A panorama on a canvas: one triangle, and a shader that looks the direction of each point up in the picture.

const VERTEX = `#version 300 es
out vec2 p;void main(){p=vec2(gl_VertexID==1?3:-1,gl_VertexID==2?3:-1);gl_Position=vec4(p,0,1);}`;
const FRAGMENT = `#version 300 es
precision highp float;in vec2 p;uniform sampler2D i;uniform vec4 v;out vec4 o;
void main(){vec3 d=normalize(vec3(p.x*v.z,p.y*v.w,1.));float c=cos(v.y),s=sin(v.y);
d=vec3(d.x,d.y*c+d.z*s,d.z*c-d.y*s);
o=texture(i,vec2(fract((atan(d.x,d.z)+v.x)/6.28318531+.5),.5-asin(clamp(d.y,-1.,1.))/3.14159265));}`;
const RAD = Math.PI / 180;

/** Draws panoramas; `null` comes of it where the browser has no WebGL 2. */
export function makePanorama(canvas) {
  const gl = canvas.getContext("webgl2", { antialias: false, alpha: false, preserveDrawingBuffer: false });
  if (!gl) return null;
  let view = null;

  function prepare() {
    const program = gl.createProgram();
    for (const [kind, source] of [
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, FRAGMENT],
    ]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    gl.useProgram(program);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    view = gl.getUniformLocation(program, "v");
  }
  prepare();

  return {
    /** The widest picture that can be shown. */
    widest: gl.getParameter(gl.MAX_TEXTURE_SIZE),
    restore: prepare,
    /** Takes a picture that was loaded. */
    show(image) {
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, gl.RGB, gl.UNSIGNED_BYTE, image);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    },
    /** Draws what one sees; see `lib/scene.js`, `project`, for the form of `look`. */
    draw(look) {
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.uniform4f(view, look.yaw * RAD, look.pitch * RAD, look.wide, look.high);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    },
    end: () => gl.getExtension("WEBGL_lose_context")?.loseContext(),
  };
}
