/**
 * What GitLab and reviewdog want to read, as JSON Schemas written from their documentation.
 */

export const gitlabSchema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', minLength: 1 },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          path: { type: 'string' },
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 }, end: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
};

const position = {
  type: 'object',
  required: ['line'],
  additionalProperties: false,
  properties: { line: { type: 'integer', minimum: 1 }, column: { type: 'integer', minimum: 1 } },
};
const range = { type: 'object', required: ['start'], additionalProperties: false, properties: { start: position, end: position } };
const location = { type: 'object', required: ['path'], additionalProperties: false, properties: { path: { type: 'string' }, range } };
const severity = { enum: ['ERROR', 'WARNING', 'INFO'] };

export const rdjsonSchema = {
  type: 'object',
  required: ['source', 'diagnostics'],
  additionalProperties: false,
  properties: {
    source: { type: 'object', required: ['name'], additionalProperties: false, properties: { name: { type: 'string' }, url: { type: 'string' } } },
    severity,
    diagnostics: {
      type: 'array',
      items: {
        type: 'object',
        required: ['message', 'location'],
        additionalProperties: false,
        properties: {
          message: { type: 'string' },
          location,
          severity,
          code: {
            type: 'object',
            required: ['value'],
            additionalProperties: false,
            properties: { value: { type: 'string' }, url: { type: 'string' } },
          },
          suggestions: {
            type: 'array',
            items: { type: 'object', required: ['range', 'text'], additionalProperties: false, properties: { range, text: { type: 'string' } } },
          },
          related_locations: {
            type: 'array',
            items: { type: 'object', required: ['location'], additionalProperties: false, properties: { message: { type: 'string' }, location } },
          },
        },
      },
    },
  },
};
