// Reads all records of an object with jsforce as a stream, and prints how many there were: node extract.js URL OBJECT FIELDS.
// The access token is in the environment, which other processes cannot read.
import jsforce from "jsforce";

const [url, object, fields] = process.argv.slice(2);
const connection = new jsforce.Connection({ instanceUrl: url, accessToken: process.env.ACCESS_TOKEN, version: "60.0" });
let records = 0;
await new Promise((resolve, reject) => {
  connection
    .query(`SELECT ${fields} FROM ${object}`)
    .on("record", () => (records += 1))
    .on("end", resolve)
    .on("error", reject)
    .run({ autoFetch: true, maxFetch: 1e9 });
});
console.log(records);
