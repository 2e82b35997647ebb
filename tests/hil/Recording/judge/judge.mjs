// Reads a recording with the official readers, both by its index and as a stream, checks every checksum,
// decodes every message, and prints one JSON object with what it found.
import { open } from "node:fs/promises";
import { crc32 } from "@foxglove/crc";
import { parse } from "@foxglove/rosmsg";
import { MessageReader } from "@foxglove/rosmsg2-serialization";
import { McapIndexedReader, McapStreamReader } from "@mcap/core";

const file = await open(process.argv[2]);
const bytes = new Uint8Array(await file.readFile());
await file.close();

// Numbers beyond 2^53 as text; typed arrays as arrays.
const plain = (_, value) =>
  typeof value === "bigint" ? value.toString() : ArrayBuffer.isView(value) ? Array.from(value) : value;
const text = new TextDecoder();

function decoder() {
  const readers = new Map();
  return (schema, data) => {
    if (!readers.has(schema.id)) readers.set(schema.id, new MessageReader(parse(text.decode(schema.data), { ros2: true })));
    return readers.get(schema.id).readMessage(data);
  };
}

async function readIndexed() {
  const readable = {
    size: async () => BigInt(bytes.length),
    read: async (offset, size) => bytes.subarray(Number(offset), Number(offset + size)),
  };
  const reader = await McapIndexedReader.Initialize({ readable });
  const decode = decoder();
  const messages = [];
  for await (const { channelId, sequence, logTime, publishTime, data } of reader.readMessages({ validateCrcs: true })) {
    const channel = reader.channelsById.get(channelId);
    messages.push({ topic: channel.topic, sequence, logTime, publishTime, value: decode(reader.schemasById.get(channel.schemaId), data) });
  }
  const metadata = {};
  for await (const { name, metadata: values } of reader.readMetadata()) metadata[name] = Object.fromEntries(values);
  const attachments = [];
  for await (const { name, mediaType, data } of reader.readAttachments({ validateCrcs: true })) attachments.push({ name, mediaType, data });
  return {
    profile: reader.header.profile,
    channels: [...reader.channelsById.values()].map(({ topic, messageEncoding, schemaId }) => {
      const { name, encoding } = reader.schemasById.get(schemaId);
      return { topic, messageEncoding, schema: name, schemaEncoding: encoding };
    }),
    chunks: reader.chunkIndexes.length,
    counted: reader.statistics.messageCount,
    messages,
    metadata,
    attachments,
  };
}

function readStreamed() {
  const reader = new McapStreamReader({ validateCrcs: true });
  const decode = decoder();
  const channels = new Map();
  const schemas = new Map();
  const messages = [];
  let dataSectionCrc = 0;
  // In pieces of an odd size, as from a network.
  for (let start = 0; start < bytes.length; start += 1009) {
    reader.append(bytes.subarray(start, start + 1009));
    for (let record; (record = reader.nextRecord()); ) {
      if (record.type === "Schema") schemas.set(record.id, record);
      else if (record.type === "Channel") channels.set(record.id, record);
      else if (record.type === "DataEnd") dataSectionCrc = record.dataSectionCrc;
      else if (record.type === "Message") {
        const { topic, schemaId } = channels.get(record.channelId);
        messages.push({ topic, sequence: record.sequence, value: decode(schemas.get(schemaId), record.data) });
      }
    }
  }
  return { done: reader.done(), messages, dataSectionCrcHolds: dataSectionCrc === crc32(bytes.subarray(0, dataEnd())) };
}

// Where the data section ends: the start of the summary, which the footer names, less the DataEnd record.
function dataEnd() {
  const footer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8 - 20, 20);
  return Number(footer.getBigUint64(0, true)) - 13;
}

console.log(JSON.stringify({ indexed: await readIndexed(), streamed: readStreamed() }, plain));
