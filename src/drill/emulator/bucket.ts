import { BucketAlreadyOwnedByYou, CreateBucketCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Puts a file into a bucket of the emulator, which is made where there is none yet. */
export async function putObject(s3: S3Client, Bucket: string, Key: string, Body: string | Buffer): Promise<void> {
  try {
    await s3.send(new CreateBucketCommand({ Bucket }));
  } catch (error) {
    if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
  }
  await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
}
