/** The rules of the pillar `protection`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';
import { securityCheckStubbed } from './security-check-stubbed.ts';
import { tlsVerificationOff } from './tls-verification-off.ts';
import { warningsSilenced } from './warnings-silenced.ts';

export const PROTECTION_RULES: readonly Rule[] = [tlsVerificationOff, securityCheckStubbed, warningsSilenced];
