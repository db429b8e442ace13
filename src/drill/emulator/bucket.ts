import { BucketAlreadyOwnedByYou, CreateBucketCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Those that a client has made: nobody deletes them while it is used. */
const made = new WeakMap<S3Client, Set<string>>();

/** Puts a file into a bucket of the emulator, which is made where there is none yet. */
export async function putObject(s3: S3Client, Bucket: string, Key: string, Body: string | Buffer): Promise<void> {
  const known = made.get(s3) ?? new Set();
  made.set(s3, known);
  if (!known.has(Bucket)) {
    await create(s3, Bucket);
    known.add(Bucket);
  }
  await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
}

async function create(s3: S3Client, Bucket: string): Promise<void> {
  try {
    await s3.send(new CreateBucketCommand({ Bucket }));
  } catch (error) {
    if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
  }
}
