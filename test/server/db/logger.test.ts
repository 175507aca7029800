import assert from 'node:assert/strict';
import fc from 'fast-check';
import { newSecret } from '../../../server/auth/tokenSecret.js';
import { lineLogger, parseLogLine, teeLogger } from '../../../server/db/logger.js';

describe('the log', () => {
  it('is one line of JSON an event, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (message, value) => {
        const lines: string[] = [];
        lineLogger((line) => lines.push(line)).warn(message, { value });
        assert.equal(lines.length, 1);
        assert.ok(!lines[0]!.includes('\n'));
        const event = parseLogLine(lines[0]!);
        assert.deepEqual([event?.level, typeof event?.time], ['warn', 'string']);
      }),
    );
  });

  it('keeps what it was told, and fields cannot pass for its own', () => {
    const lines: string[] = [];
    lineLogger((line) => lines.push(line)).error('went wrong', { id: 'a', count: 3, level: 'info' });
    const { time, ...event } = parseLogLine(lines[0]!)!;
    assert.deepEqual(event, { level: 'error', message: 'went wrong', id: 'a', count: 3 });
    assert.ok(!Number.isNaN(Date.parse(time)));
  });

  it('never has a token in it, nor a password of an address, wherever they stand', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
        const secret = newSecret();
        for (const format of ['json', 'text'] as const) {
          const lines: string[] = [];
          const log = lineLogger((line) => lines.push(line), { format });
          log.info(before + secret + after);
          log.info('x', { header: `Bearer ${secret}`, stack: `${before}${secret}` });
          log.info(`postgresql://postgres:hunter2@127.0.0.1:5432/frostline and Bearer hunter2`);
          assert.ok(
            !lines.some((line) => line.includes(secret) || line.includes('hunter2')),
            lines.join('\n'),
          );
          if (format === 'json') assert.ok(lines.every((line) => parseLogLine(line) !== null));
        }
      }),
    );
  });

  it('is told to all who listen, and text is for people', () => {
    const text: string[] = [];
    const json: string[] = [];
    const loggers = [
      lineLogger((line) => text.push(line), { format: 'text', quiet: true }),
      lineLogger((line) => json.push(line)),
    ];
    const log = teeLogger(...loggers);
    log.info('begins');
    log.warn('is late', { seconds: 3 });
    assert.match(text.join('\n'), /^\d{4}-\d\d-\d\dT[\d:.]+Z warn is late seconds=3$/);
    assert.equal(json.length, 2);
  });
});
