import type { Provisioner } from './provisioned';
import { connectionOfSelf } from './ssh';

/** Takes the host out of its cluster; brought with the bundle, so that a host that never got it has nothing to leave. */
const LEAVE = '/opt/drover/bundle/leave-cluster.sh';

/** What ends a membership: by what it remembers alone, because nothing else is known any more. */
export function leaving(): Provisioner {
  return {
    'remote-exec': {
      when: 'destroy',
      connection: connectionOfSelf(),
      inline: [`sudo test ! -e ${LEAVE} || sudo ${LEAVE}`],
    },
  };
}
