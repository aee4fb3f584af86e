import { expect, test } from 'vitest';
import { missingFromLock } from './complete-lock.ts';

test('a package for another platform that the lock file lacks is added with its platform', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/tool': {
        version: '2.0.0',
        dev: true,
        optionalDependencies: {
          '@tool/linux-x64-musl': '2.0.0',
          '@tool/win32-arm64': '2.0.0',
          '@tool/darwin-x64': '2.0.0',
        },
      },
      'node_modules/@tool/darwin-x64': { version: '2.0.0' },
    },
  };
  const common = { version: '2.0.0', dev: true, optional: true };
  expect(Object.fromEntries(missingFromLock(lock))).toEqual({
    'node_modules/@tool/linux-x64-musl': { ...common, os: ['linux'], cpu: ['x64'], libc: ['musl'] },
    'node_modules/@tool/win32-arm64': { ...common, os: ['win32'], cpu: ['arm64'] },
  });
});
