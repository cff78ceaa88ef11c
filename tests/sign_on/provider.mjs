// A real OpenID Connect provider for the tests: people, and what it says of them, come from the environment.
import { Provider } from "oidc-provider";

const { PORT, BACK, PEOPLE } = process.env;
const people = JSON.parse(PEOPLE);

const provider = new Provider(`http://127.0.0.1:${PORT}`, {
  clients: [{ client_id: "airlock", client_secret: "shared-with-airlock-for-the-tests", redirect_uris: [BACK] }],
  claims: {
    openid: ["sub"],
    email: ["email", "email_verified"],
    profile: ["name", "given_name", "family_name", "locale", "groups"],
  },
  cookies: { keys: ["of-this-test-alone"] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
});
provider.listen(Number(PORT), "127.0.0.1", () => console.log("listening"));
