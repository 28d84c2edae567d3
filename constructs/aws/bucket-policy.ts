import { policyDocument } from './policy-document';
import type { Statement } from './policy-document';

/** Oldest TLS that a client may speak. */
const OLDEST_TLS = '1.2';

/** Policy of a bucket: nothing in the clear, nothing by an old TLS, and only the named objects for the world. */
export function bucketPolicy(bucketArn: string, publicKeys: readonly string[]): string {
  const everything = [bucketArn, `${bucketArn}/*`];
  const statements: Statement[] = [
    {
      Sid: 'OnlyTls',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: everything,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
    {
      Sid: 'OnlyModernTls',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: everything,
      Condition: { NumericLessThan: { 's3:TlsVersion': OLDEST_TLS } },
    },
  ];
  if (publicKeys.length > 0) {
    statements.push({
      Sid: 'PublicObjects',
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: publicKeys.map((key) => `${bucketArn}/${key}`),
    });
  }
  return policyDocument(statements);
}
