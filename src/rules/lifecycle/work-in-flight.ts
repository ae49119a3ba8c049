/** Does work go on after the test that started it? */
import { defineRule, py } from '../define.ts';
import { leakReport, leakRule, raiseWords } from './verdict.ts';

export const workInFlight = defineRule({
  id: 'work-in-flight',
  title: 'Asynchronous work is neither waited for nor removed',
  pillar: 'lifecycle',
  cwe: ['CWE-772', 'CWE-404'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'Work that a test starts and does not wait for goes on into the next test: it fails there, or changes what that test sees.',
    fix: 'Wait for the work, cancel it, or remove what it makes before the test ends.',
    bad: [
      py`
        import asyncio

        async def test_starts():
            task = asyncio.create_task(asyncio.sleep(1))    # expect: work-in-flight
            assert not task.done()
      `,
      py`
        import asyncio

        async def test_result_later():
            task = asyncio.ensure_future(asyncio.sleep(1))    # expect: work-in-flight
            await asyncio.sleep(0)
            assert task.get_name()
      `,
      py`
        import asyncio
        import pytest

        @pytest.fixture
        async def worker():
            task = asyncio.create_task(asyncio.sleep(1))    # expect: work-in-flight
            yield "ready"
      `,
    ],
    good: [
      py`
        import asyncio

        async def test_waits():
            task = asyncio.create_task(asyncio.sleep(0))
            await task
      `,
      py`
        import asyncio

        async def test_cancels():
            task = asyncio.create_task(asyncio.sleep(10))
            task.cancel()
      `,
      py`
        import asyncio

        async def test_gathers():
            tasks = [asyncio.create_task(asyncio.sleep(0)) for _ in range(3)]
            await asyncio.gather(*tasks)
      `,
      py`
        import asyncio

        async def test_group():
            async with asyncio.TaskGroup() as group:
                group.create_task(asyncio.sleep(0))
      `,
    ],
  },
  check(context, report) {
    let sites = 0;
    for (const o of context.obligations) {
      if (!o.site.tracked.kind.asynchronous) continue;
      sites++;
      if (leakRule(o) !== 'work-in-flight') continue;
      const found = leakReport(o, context, (subject, leak) =>
        leak.pathKind === 'normal'
          ? `${subject} is neither waited for nor removed`
          : `${subject} is still going on when ${raiseWords(leak, context, o)}`,
      );
      if (found) report(found);
    }
    return sites;
  },
});
