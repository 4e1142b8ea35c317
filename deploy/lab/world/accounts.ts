import mongoose from 'mongoose';

/**
 * Copies the first administrator's account, password and rights included, under other names: a load needs many, and each
 * may write only so often a minute.
 */
export async function cloneAdministrators(mongoUrl: string, count: number): Promise<string[]> {
  const client = await mongoose.mongo.MongoClient.connect(mongoUrl);
  try {
    const accounts = client.db().collection('accounts');
    const admin = await accounts.findOne({ name: 'admin' });
    if (!admin) throw new Error('there is no first administrator');
    const names = Array.from({ length: count }, (_none, index) => `load${String(index).padStart(3, '0')}`);
    const there = new Set(
      (await accounts.find({ name: { $in: names } }).toArray()).map((one) => one['name'] as string),
    );
    const missing = names.filter((name) => !there.has(name));
    if (missing.length > 0)
      await accounts.insertMany(
        missing.map((name) => ({
          ...admin,
          _id: new mongoose.mongo.ObjectId(),
          name,
          displayName: name,
          mustChangePassword: false,
        })),
      );
    return names;
  } finally {
    await client.close();
  }
}
