/** Stores a loaded value only if the key was not dropped since the load began. KEYS value, generation, hold; ARGV json, ms, generation. */
export const STORE = `
if redis.call('exists', KEYS[3]) == 1 or redis.call('get', KEYS[2]) ~= ARGV[3] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/** Begins a load: answers the generation, making one if there is none. KEYS generation, hold; ARGV candidate, ms. */
export const BEGIN = `
if redis.call('exists', KEYS[2]) == 1 then return false end
local generation = redis.call('get', KEYS[1])
if not generation then
  generation = ARGV[1]
  redis.call('set', KEYS[1], generation, 'PX', ARGV[2])
end
return generation`;

/** Forgets a value. KEYS value, generation, hold; ARGV new generation, its ms, hold ms. */
export const DROP = `
redis.call('set', KEYS[2], ARGV[1], 'PX', ARGV[2])
redis.call('set', KEYS[3], '1', 'PX', ARGV[3])
redis.call('del', KEYS[1])
return 1`;

/** Gives a lock back if it is still ours. KEYS lock; ARGV token. */
export const UNLOCK = `
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0`;
