/** Is a release that is a coroutine called without being awaited? */
import { defineRule, py } from '../define.ts';
import { leakReport, leakRule } from './verdict.ts';

export const unawaitedRelease = defineRule({
  id: 'unawaited-release',
  title: 'Asynchronous release is not awaited',
  pillar: 'lifecycle',
  cwe: ['CWE-772', 'CWE-404'],
  severity: 'error',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'Calling a coroutine function runs nothing. A `close()` that is not awaited leaves the session, server or process open.',
    fix: 'Await the release, register it where it is awaited (`addAsyncCleanup`, an async fixture), or use `async with`.',
    bad: [
      py`
        import aiohttp

        async def test_get():
            session = aiohttp.ClientSession()    # expect: unawaited-release
            session.close()
      `,
      py`
        import unittest
        import aiohttp

        class TestGet(unittest.IsolatedAsyncioTestCase):
            async def asyncSetUp(self):
                self.session = aiohttp.ClientSession()    # expect: unawaited-release

            async def asyncTearDown(self):
                self.session.close()

            async def test_get(self):
                self.assertIsNotNone(self.session)
      `,
      py`
        import asyncio

        async def test_child():
            child = await asyncio.create_subprocess_exec("true")    # expect: unawaited-release
            child.wait()
      `,
    ],
    good: [
      py`
        import aiohttp

        async def test_get():
            session = aiohttp.ClientSession()
            await session.close()
      `,
      py`
        import aiohttp

        async def test_get():
            async with aiohttp.ClientSession() as session:
                assert session
      `,
      py`
        import unittest
        import aiohttp

        class TestGet(unittest.IsolatedAsyncioTestCase):
            async def asyncSetUp(self):
                self.session = aiohttp.ClientSession()
                self.addAsyncCleanup(self.session.close)

            async def test_get(self):
                self.assertIsNotNone(self.session)
      `,
      py`
        import asyncio

        async def test_child():
            child = await asyncio.create_subprocess_exec("true")
            await asyncio.wait_for(child.wait(), 10)
      `,
    ],
  },
  check(context, report) {
    let sites = 0;
    for (const o of context.obligations) {
      if (o.site.tracked.kind.release.some((r) => r.awaited)) sites++;
      if (leakRule(o) !== 'unawaited-release') continue;
      const found = leakReport(
        o,
        context,
        (subject, leak) =>
          `${subject} stays open: its release${leak.unawaited === undefined ? '' : ` on line ${context.position(o.site.scope.module, leak.unawaited).line}`} is not awaited`,
      );
      if (found) report({ ...found, severity: 'error' });
    }
    return sites;
  },
});
