/**
 * Is a helper's resource followed for its callers wherever one of them can come to hold it?
 *
 * What the helper only uses is left out (samples/09-helpers); here are ways of handing on that look like a mere use.
 */
import { expect, test } from 'vitest';
import { json, project } from './command.ts';

/** A helper that hands on a part of what it makes, and a test that gives it back too late. */
const volumes = (handsOn: string, taken: string): string => `import unittest

import boto3


class VolumeCase(unittest.TestCase):
    def setUp(self):
        self.ec2 = boto3.client("ec2")

    def volume(self):
        volume = self.ec2.create_volume(AvailabilityZone="a", Size=1)
        ${handsOn}


class TestVolume(VolumeCase):
    def test_is_there(self):
        made = self.volume()
        self.assertEqual(1, len(self.ec2.describe_volumes(VolumeIds=[${taken}])["Volumes"]))
        self.ec2.delete_volume(VolumeId=${taken})
`;

test.each([
  ['return volume["VolumeId"]', 'made'],
  ['return volume.get("VolumeId")', 'made'],
  ['self.volume_id = volume["VolumeId"]', 'self.volume_id'],
  ['self.volume_id = volume.get("VolumeId")', 'self.volume_id'],
])('%s', (handsOn, taken) => {
  const { findings } = json(project({ 'test_volume.py': volumes(handsOn, taken) }), ['--no-cache']);
  expect(findings.map(({ line, rule }) => [line, rule])).toContainEqual([17, 'leak-on-failure']);
});
