#include "coordinator/wire/zookeeper/records.h"

#include <utility>

namespace rookery::wire {

void WriteStat(const model::Stat& stat, JuteWriter* writer) {
  writer->WriteLong(stat.czxid);
  writer->WriteLong(stat.mzxid);
  writer->WriteLong(stat.ctime_ms);
  writer->WriteLong(stat.mtime_ms);
  writer->WriteInt(stat.version);
  writer->WriteInt(stat.cversion);
  writer->WriteInt(stat.aversion);
  writer->WriteLong(stat.ephemeral_owner);
  writer->WriteInt(stat.data_length);
  writer->WriteInt(stat.num_children);
  writer->WriteLong(stat.pzxid);
}

model::Stat ReadStat(JuteReader* reader) {
  model::Stat stat;
  stat.czxid = reader->ReadLong();
  stat.mzxid = reader->ReadLong();
  stat.ctime_ms = reader->ReadLong();
  stat.mtime_ms = reader->ReadLong();
  stat.version = reader->ReadInt();
  stat.cversion = reader->ReadInt();
  stat.aversion = reader->ReadInt();
  stat.ephemeral_owner = reader->ReadLong();
  stat.data_length = reader->ReadInt();
  stat.num_children = reader->ReadInt();
  stat.pzxid = reader->ReadLong();
  return stat;
}

void WriteAcl(const std::optional<model::Acl>& acl, JuteWriter* writer) {
  if (!acl) return writer->WriteInt(-1);
  writer->WriteInt(static_cast<int32_t>(acl->size()));
  for (const model::AclEntry& entry : *acl) {
    writer->WriteInt(entry.permissions);
    writer->WriteString(entry.id.scheme);
    writer->WriteString(entry.id.id);
  }
}

std::optional<model::Acl> ReadAcl(JuteReader* reader) {
  const auto count = reader->ReadCount(12);
  if (!count) return std::nullopt;
  model::Acl acl;
  acl.reserve(*count);
  for (size_t i = 0; i < *count && reader->ok(); ++i) {
    model::AclEntry entry;
    entry.permissions = reader->ReadInt();
    // kazoo sends empty strings as null: here both name nothing.
    if (const auto scheme = reader->ReadBuffer()) entry.id.scheme = std::string(*scheme);
    if (const auto id = reader->ReadBuffer()) entry.id.id = std::string(*id);
    acl.push_back(std::move(entry));
  }
  return acl;
}

model::Data ReadData(JuteReader* reader) {
  const auto bytes = reader->ReadBuffer();
  if (!bytes) return std::nullopt;
  return std::string(*bytes);
}

std::vector<std::string> ReadStrings(JuteReader* reader) {
  std::vector<std::string> values;
  const auto count = reader->ReadCount(4);
  if (!count) return values;
  values.reserve(*count);
  for (size_t i = 0; i < *count && reader->ok(); ++i) values.push_back(reader->ReadString());
  return values;
}

}  // namespace rookery::wire
