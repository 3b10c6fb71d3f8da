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
