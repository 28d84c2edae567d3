import { leaveDeployed, objectsInWorld, rehearse, startFromNothing, workspace, type Outcome } from './drover';
import { madeByType, madeObjects, wantedByType } from './world';

/** Creations that go wrong once each: in several stacks, in every way. */
const faults = [
  { fault: 'aws_lb:throttle', says: 'ThrottlingException: Rate exceeded' },
  { fault: 'aws_ebs_volume:timeout', says: 'RequestTimeout: no answer in time' },
  { fault: 'aws_autoscaling_group:partial', says: 'InternalError: the object was made, but the call failed' },
  { fault: 'rancher2_cluster_v2:refuse', says: 'InternalError: the request was refused' },
  { fault: 'helm_release:partial', says: 'InternalError: the object was made, but the call failed' },
];
const typeOf = (fault: string): string => fault.slice(0, fault.indexOf(':'));

/** The faults that struck in a run; the others strike in a later one, which gets further. */
const struckIn = (outcome: Outcome): typeof faults =>
  faults.filter(({ fault, says }) =>
    outcome.failures?.some(({ errors }) =>
      errors.some((it) => /^creating (\w+)/.exec(it.summary)?.[1] === typeOf(fault) && it.summary.includes(says)),
    ),
  );

// The management cluster may be there already; the member cluster, where each fault finds something to strike, may not.
beforeAll(() => {
  if (objectsInWorld('rancher2_cluster_v2').length > 0) startFromNothing();
});

test('a deploy that fails in several stacks is completed by running it again, with nothing made twice', () => {
  let left = faults;
  let made: string[] = [];
  while (left.length > 0) {
    const failed = rehearse(left.flatMap(({ fault }) => ['--fail', `${fault}=1`]));
    expect(failed).toMatchObject({ code: 1, ok: false });
    const struck = struckIn(failed);
    // Each run gets further than the one before, or this would never end.
    expect(struck.length).toBeGreaterThan(0);
    left = left.filter((it) => !struck.includes(it));
    // What was made whole stays; what was made by a call that failed is made anew under the same name.
    expect(madeObjects(workspace)).toEqual(expect.arrayContaining(made));
    made = madeObjects(workspace);
  }
  const outcome = rehearse([]);
  expect(outcome).toMatchObject({ code: 0, ok: true });
  expect(madeObjects(workspace)).toEqual(expect.arrayContaining(made));
  expect(madeByType(workspace)).toEqual(wantedByType(workspace));
  leaveDeployed(outcome);
});
