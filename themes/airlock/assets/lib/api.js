// Calls of the API. No DOM; `fetch` and the base address are handed in.

/** An error with the API's stable code, or "offline", or "no_server" where there is no API at all. */
export class ApiError extends Error {
  constructor(code, status = 0, problem = {}) {
    super(problem.detail ?? code);
    this.code = code;
    this.status = status;
    this.problem = problem;
  }

  /** Whether the same request may succeed later. */
  get passing() {
    return this.code === "offline" || this.status >= 500 || this.status === 429;
  }
}

export class Api {
  #fetch;
  #base;
  #storage;
  #me = null;
  #ending = null;
  #keys = new Map();

  constructor(fetcher, { base = "/api/v1", storage = null } = {}) {
    this.#fetch = fetcher;
    this.#base = base;
    this.#storage = storage;
  }

  /** Who was signed in when the server last answered: an id, or null. For pages without a connection. */
  get lastPerson() {
    return this.#kept("leaving") ? null : this.#kept("person");
  }

  #kept(name) {
    try {
      return this.#storage?.getItem(`airlock:${name}`) ?? null;
    } catch {
      return null;
    }
  }

  #keep(name, value) {
    try {
      if (value) this.#storage?.setItem(`airlock:${name}`, value);
      else this.#storage?.removeItem(`airlock:${name}`);
    } catch {
      // Without storage nothing is remembered.
    }
  }

  #remember({ person }) {
    this.#keep("person", person?.id);
  }

  /** Signs out. Without a connection it rejects, and is done before anything else once there is one. */
  async leave() {
    this.#keep("leaving", "1");
    await this.#end();
  }

  /** Whether a page that was opened at some moment (ms) is one of before signing out. */
  isStale(opened) {
    return Number(this.#kept("left")) > opened;
  }

  #end() {
    this.#ending ??= this.#signOut().finally(() => {
      this.#ending = null;
    });
    return this.#ending;
  }

  async #signOut() {
    const { person, csrf_token } = await this.#send("GET", "/me");
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf_token };
    if (person) await this.#send("POST", "/sign-out", { headers, body: "{}" });
    this.#me = null;
    for (const name of ["leaving", "person"]) this.#keep(name);
    this.#keep("left", String(Date.now()));
  }

  /** Who is signed in: { person, csrf_token }, asked once a page. Rejects with "no_server" on a plain web server. */
  me({ fresh = false } = {}) {
    if (fresh || !this.#me) {
      this.#me = this.get("/me").then(
        (me) => {
          this.#remember(me);
          return me;
        },
        (error) => {
          this.#me = null;
          throw error;
        },
      );
    }
    return this.#me;
  }

  get(path) {
    return this.#call("GET", path);
  }

  /** What changed since `etag`: { data, etag }, or null while nothing did. */
  async getChanged(path, etag) {
    let found = etag;
    const headers = etag ? { "If-None-Match": etag } : {};
    const seen = (response) => {
      found = response.headers.get("ETag");
    };
    const data = await this.#call("GET", path, { headers }, seen);
    return data === null ? null : { data, etag: found };
  }

  /** Sends JSON; `key` is the Idempotency-Key, the same for every retry of the same thing. */
  async post(path, body = {}, { key } = {}) {
    const send = async (fresh) => {
      const { csrf_token } = await this.me({ fresh });
      const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf_token };
      if (key) headers["Idempotency-Key"] = key;
      return this.#call("POST", path, { headers, body: JSON.stringify(body) });
    };
    try {
      return await send(false);
    } catch (error) {
      // A page that was open for days holds an old token: one more try with a new one.
      if (error.code !== "csrf_failed") throw error;
      return send(true);
    }
  }

  /**
   * Sends JSON with a key that stays the same until the server has answered: what is sent once more because a reply was
   * lost has one effect.
   */
  async once(path, body = {}) {
    const sent = `${path} ${JSON.stringify(body)}`;
    const key = this.#keys.get(sent) ?? crypto.randomUUID();
    this.#keys.set(sent, key);
    try {
      const reply = await this.post(path, body, { key });
      this.#keys.delete(sent);
      return reply;
    } catch (error) {
      if (!error.passing) this.#keys.delete(sent);
      throw error;
    }
  }

  async #call(method, path, options, seen) {
    if (this.#kept("leaving")) await this.#end();
    return this.#send(method, path, options, seen);
  }

  async #send(method, path, options = {}, seen = () => {}) {
    let response;
    try {
      response = await this.#fetch(this.#base + path, { method, credentials: "same-origin", ...options });
    } catch {
      throw new ApiError("offline");
    }
    const type = response.headers.get("Content-Type") ?? "";
    if (response.status === 204 || response.status === 304) return null;
    seen(response);
    if (!type.includes("json")) throw new ApiError(response.status >= 500 ? "generic" : "no_server", response.status);
    const data = await response.json().catch(() => null);
    if (data === null) throw new ApiError("offline");
    if (!response.ok) throw new ApiError(data.code ?? "generic", response.status, data);
    return data;
  }
}
