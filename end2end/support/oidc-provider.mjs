// An OpenID provider for tests: certified software at a port of its own, with a sign-in page that asks for a name alone.
// A program of its own, because what it is made of can't be loaded by what Playwright makes of the specs.
//
//   node oidc-provider.mjs REDIRECT-ADDRESS
//
// Says its address on standard output, and ends with its standard input.

import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const redirect = process.argv[2];
const server = createServer();
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'daybook',
      client_secret: 'a secret/of the+client',
      redirect_uris: [redirect],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  ],
  cookies: { keys: ['a key of the tests'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
  features: { devInteractions: { enabled: false }, userinfo: { enabled: true } },
  pkce: { required: () => true },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  // `mara.audit` is Mara of the group audit; `eve.unverified` has an address that isn't verified.
  findAccount: (_context, id) => {
    const [name, group = 'desk'] = id.split('.');
    return {
      accountId: id,
      claims: () => ({
        sub: id,
        name: name[0].toUpperCase() + name.slice(1),
        email: `${name}@northdesk.example`,
        email_verified: group !== 'unverified',
        groups: [group],
      }),
    };
  },
  // Nobody is asked whether Daybook may know their name.
  loadExistingGrant: async context => {
    const { client, session, params } = context.oidc;
    const grant = new context.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(params.scope);
    await grant.save();
    return grant;
  },
});

const page = `<!DOCTYPE html><html lang="en"><title>Provider</title><main><h1>Provider</h1>
<form method="post"><label>Name <input name="name"></label>
<button name="answer" value="yes">Continue</button> <button name="answer" value="no">Cancel</button></form></main></html>`;

provider.use(async (context, next) => {
  if (!context.path.startsWith('/interaction/')) {
    return next();
  }
  if (context.method === 'GET') {
    context.type = 'html';
    context.body = page;
    return undefined;
  }
  let body = '';
  for await (const chunk of context.req) {
    body += chunk;
  }
  const form = new URLSearchParams(body);
  const result =
    form.get('answer') === 'yes'
      ? { login: { accountId: form.get('name') } }
      : { error: 'access_denied', error_description: 'Somebody cancelled' };
  const to = await provider.interactionResult(context.req, context.res, result);
  context.redirect(to);
  return undefined;
});

server.on('request', provider.callback());
console.log(issuer);
process.stdin.on('end', () => process.exit()).resume();
