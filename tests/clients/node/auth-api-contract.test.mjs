// One contract, whoever authenticates: every fact of it is tried with each target of lib/targets.mjs. What a target lacks is named there, with
// what the boundary answers instead.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { facts } from './lib/facts.mjs';
import { contractKit } from './lib/contract.mjs';
import { engine } from './lib/server.mjs';
import { targets } from './lib/targets.mjs';

for (const target of targets) {
  describe(`the contract over ${target.name} (${engine})`, () => {
    let world;
    let kit;
    before(async () => {
      world = await target.start();
      kit = contractKit(world);
    });
    after(async () => {
      await world?.stop();
    });

    for (const [fact, says, holds] of facts) {
      const lack = target.lacks[fact];
      if (lack) test(`${fact}: cannot, ${lack.why}`, () => lack.instead(world, kit));
      else test(`${fact}: ${says}`, () => holds(world, kit));
    }

    test('what it lacks is in the contract', () => {
      const known = new Set(facts.map(([fact]) => fact));
      assert.deepEqual(Object.keys(target.lacks).filter((fact) => !known.has(fact)), []);
    });
  });
}

test(`a server that shows the Auth API alone signs a person in, before moto (${engine})`, async () => {
  const world = await targets.find(({ name }) => name.includes('moto')).start();
  try {
    const { person, session } = contractKit(world);
    const address = await person();
    const { user } = await session(address);
    assert.deepEqual([user.provider, user.email], ['cognito', address]);
    const aws = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.ListUserPools' };
    const own = await fetch(`${world.api}/`, { method: 'POST', headers: aws, body: '{"MaxResults":10}' });
    assert.equal(own.status, 404, 'there is no API of a pool of its own');
  } finally {
    await world.stop();
  }
});
