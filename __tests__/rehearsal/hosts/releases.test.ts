import { readReleases, releaseTable } from '../../../rehearsal/hosts/releases';
import { TestProject } from '../support/project';

const project = new TestProject();
afterAll(() => project.remove());

function write(name: string, rest: object): void {
  const whole = {
    name,
    namespace: name,
    cluster: 'shop',
    chart: 'app',
    revision: 0,
    message: '',
    asked: 'a1',
    ...rest,
  };
  project.write(`ws/lab/releases/${name}~0e1ee135.json`, JSON.stringify(whole));
}

test('a rehearsal without a lab has no releases and no table of them', () => {
  expect(readReleases(project.file('none'))).toEqual([]);
  expect(releaseTable([])).toBe('');
});

test('a release is told with where it went and what became of it', () => {
  write('storefront', { status: 'deployed', revision: 2, seconds: 7.25 });
  write('haproxy', { chart: 'kubernetes-ingress', status: 'recorded' });
  write('basket', { status: 'failed', message: 'context deadline exceeded' });
  write('orders', { status: 'installing' });
  write('rancher', { chart: 'rancher', cluster: 'management', status: 'recorded' });
  write('lost', { chart: 'ingress', cluster: '', status: 'recorded' });
  project.write('ws/lab/releases/.new-half.json', '{');
  expect(releaseTable(readReleases(project.file('ws'))).split('\n')).toEqual([
    'release     cluster     chart               result',
    'lost        -           ingress             only recorded: its chart is not here',
    'rancher     management  rancher             only recorded: its chart is not here',
    'basket      shop        app                 failed: context deadline exceeded',
    'haproxy     shop        kubernetes-ingress  only recorded: its chart is not here',
    'orders      shop        app                 being installed',
    'storefront  shop        app                 installed, revision 2 ready after 7.3 s',
  ]);
});
