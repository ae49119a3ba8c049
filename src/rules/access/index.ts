/** The rules of the pillar `access`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';
import { bindAllInterfaces } from './bind-all-interfaces.ts';
import { elevatedContextLeft } from './elevated-context-left.ts';
import { liveCredential } from './live-credential.ts';
import { worldAccessibleMode } from './world-accessible-mode.ts';

export const ACCESS_RULES: readonly Rule[] = [liveCredential, bindAllInterfaces, elevatedContextLeft, worldAccessibleMode];
