/**
 * What does a with statement's manager do with an exception: swallow it, forward it, or either?
 *
 * A manager that must raise (`assertRaises`) swallows what it expects; `suppress(X)` what X catches; `subTest` swallows and the test
 * counts as failed (the unittest runner; under pytest it forwards, and with `runner: auto` only what leaks under both is reported).
 * Unknown managers forward.
 */
import type { Instr, Operand } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';
import { mayCatch, typeNames } from './exceptions.ts';
import type { State } from './state.ts';

export interface WayOut {
  readonly edge: 'swallow' | 'forward';
  readonly state: State;
}

export function leaveWith(instr: Extract<Instr, { op: 'exit' }>, state: State, scope: Scope, engine: Engine): readonly WayOut[] {
  const info = engine.calls.manager(instr, scope);
  const swallowed: WayOut = { edge: 'swallow', state: { ...state, inFlight: null } };
  const forwarded: WayOut = { edge: 'forward', state };
  const raised = state.inFlight?.type ?? '';
  for (const e of info.effects) {
    switch (e.pattern.effect) {
      case 'must-raise': {
        const types = info.expects?.args.filter((a) => a.kind === 'positional').map((a) => a.value) ?? [];
        if (raised === '') return [swallowed];
        const answers = types.slice(0, 1).map((t) => mayCatch(typeNames(t), raised));
        return answers.includes('no') ? [forwarded] : [swallowed];
      }
      case 'swallows': {
        const types = info.expects?.args.filter((a) => a.kind === 'positional').map((a) => a.value) ?? [];
        const operand: Operand | null = types.length === 0 ? null : { op: 'tuple', items: types, start: 0, end: 0 };
        const answer = operand === null ? 'maybe' : mayCatch(typeNames(operand), raised);
        return answer === 'yes' ? [swallowed] : answer === 'no' ? [forwarded] : [swallowed, forwarded];
      }
      case 'swallows-failure':
        if (engine.options.runner === 'pytest') return [forwarded]; // Without a plug-in pytest ends the test there.
        return [{ edge: 'swallow', state: { ...state, inFlight: null, failed: state.failed || (state.inFlight?.odds ?? 'likely') } }];
      default:
    }
  }
  return engine.mayManagerSwallow(info.value) ? [swallowed, forwarded] : [forwarded];
}
