/** `npm run fake:slack`: a Slack on this machine, with the bot on it and a page to use it as one of its people. */
import { botAt } from '../../bot-on-fake.ts';
import { createFakeSlack } from '../../slack/fake-slack.ts';
import { serveFake } from '../serve-fake.ts';
import { slackPage } from './page.ts';

await serveFake(8590, async (port) => {
  const fake = await createFakeSlack({ port: port + 1 });
  const museum = fake.team('The Museum');
  const people = ['ann', 'bea', 'admin'].map((name) =>
    museum.person(name, { locale: name === 'bea' ? 'de-DE' : 'en-US', isAdmin: name === 'admin' }),
  );
  museum.channel('general', { members: people });
  museum.channel('without-the-bot', { members: people, hasBot: false });
  museum.channel('secret', { members: people, isPrivate: true });
  museum.channel('secret-without-the-bot', { members: people, isPrivate: true, hasBot: false });
  const tokens = { SLACK_BOT_TOKEN: museum.installation.token, SLACK_APP_TOKEN: fake.appToken };
  const bot = botAt({ slack: { apiUrl: fake.apiUrl, fileHosts: [fake.origin] } }, tokens);
  return { page: slackPage(fake), bot, close: fake.close };
});
