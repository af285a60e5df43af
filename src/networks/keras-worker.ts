/** The worker thread behind `adoptDownload`. */
import { serveTask } from '../concurrency/thread.ts';
import { convertOnThisThread } from './keras-convert.ts';

await serveTask(convertOnThisThread, (bytes) => [bytes.buffer]);
