// An OpenID Connect server for the tests: `node oidc_server.mjs PORT BACK AHEAD`. Whoever it is asked to let in is
// "gov-0001", or whom the header X-Who names; nobody types anything. AHEAD: by how many milliseconds the clock of the
// tests goes before ours.
import { Provider } from "oidc-provider";

const [port, back, ahead] = process.argv.slice(2);
const now = Date.now;
Date.now = () => now() + Number(ahead);
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: "shuangkong", client_secret: "a secret: of/ours", redirect_uris: [back], response_types: ["code"], grant_types: ["authorization_code"] }],
  pkce: { required: () => true },
  claims: { openid: ["sub"], profile: ["name"] },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/let-in/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: "someone" }) }),
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
});
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/let-in/")) return next();
  const who = ctx.get("x-who") || "gov-0001";
  return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: who } });
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
