import { wrongCron } from '../../../model/spec/cron';

test.each([
  '0 */6 * * *',
  '0,30 1-5,22-23 1,15 * *',
  '59 23 31 12 6',
  '0 0 1 1 0',
  '5/15 8-18/2 * JAN-mar,12 Mon-FRI',
  '*/59 * * * *',
])('%s is a schedule', (text) => {
  expect(wrongCron(text)).toBeUndefined();
});

test.each([
  ['60 * * * *', '60', 'minutes from 0 to 59'],
  ['0-60 * * * *', '0-60', 'minutes from 0 to 59'],
  ['1,99 * * * *', '99', 'minutes from 0 to 59'],
  ['0 99 * * *', '99', 'hours from 0 to 23'],
  ['0 24 * * *', '24', 'hours from 0 to 23'],
  ['0 */24 * * *', '*/24', 'hours from 0 to 23'],
  ['0 0 0 * *', '0', 'days from 1 to 31'],
  ['0 0 32 * *', '32', 'days from 1 to 31'],
  ['0 0 * 0 *', '0', 'months from 1 to 12 or jan to dec'],
  ['0 0 * 13 *', '13', 'months from 1 to 12 or jan to dec'],
  ['0 0 * mon *', 'mon', 'months from 1 to 12 or jan to dec'],
  ['0 0 * * 7', '7', 'weekdays from 0 to 6 or sun to sat'],
  ['0 0 * * jan', 'jan', 'weekdays from 0 to 6 or sun to sat'],
  ['0 0 * * fri-mon', 'fri-mon', 'weekdays from 0 to 6 or sun to sat'],
  ['30-10 * * * *', '30-10', 'minutes from 0 to 59'],
  ['*/0 * * * *', '*/0', 'minutes from 0 to 59'],
  ['*/ * * * *', '*/', 'minutes from 0 to 59'],
  ['1/2/3 * * * *', '1/2/3', 'minutes from 0 to 59'],
  ['1-2-3 * * * *', '1-2-3', 'minutes from 0 to 59'],
  ['*-5 * * * *', '*-5', 'minutes from 0 to 59'],
  ['5-* * * * *', '5-*', 'minutes from 0 to 59'],
  ['1, * * * *', '', 'minutes from 0 to 59'],
  ['-5 * * * *', '-5', 'minutes from 0 to 59'],
  ['1.5 * * * *', '1.5', 'minutes from 0 to 59'],
  ['0x1 * * * *', '0x1', 'minutes from 0 to 59'],
])('%s is none', (text, part, allowed) => {
  expect(wrongCron(text)).toBe(`must have ${allowed}, not "${part}": write *, 5, 1-5, */2 or a list of these`);
});
