/** The rules of the pillar `interaction`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';
import { fixedPort } from './fixed-port.ts';
import { globalPatchWithoutScope } from './global-patch-without-scope.ts';
import { sharedMutableFixture } from './shared-mutable-fixture.ts';
import { sharedTempPath } from './shared-temp-path.ts';
import { stubOverStub } from './stub-over-stub.ts';

export const INTERACTION_RULES: readonly Rule[] = [fixedPort, sharedTempPath, sharedMutableFixture, globalPatchWithoutScope, stubOverStub];
