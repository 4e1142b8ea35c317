// What scripts/lib/backup/tools.mjs builds mongodump and mongorestore from: this version and, in go.sum, the hashes of all it needs.
module dengji/mongo-tools

go 1.19

require github.com/mongodb/mongo-tools v0.0.0-20230720205640-fb74684da15f
