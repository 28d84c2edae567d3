import { keyNotAllowed } from '../problem';
import { nginxOf, nginxKeys } from '../nginx';
import type { Rule } from './rule';

export const nginxRenewWithinCount: Rule = {
  id: 'nginx-renew-within-count',
  check: (env) => {
    const nginx = nginxOf(env);
    if (nginx === undefined) return [];
    const known = nginxKeys(nginx);
    return Object.keys(nginx.renew)
      .filter((key) => !known.includes(key))
      .map((key) =>
        keyNotAllowed(
          ['management', 'loadBalancer', 'renew', key],
          `must be a machine that exists, n1 to n${nginx.count}`,
        ),
      );
  },
};
