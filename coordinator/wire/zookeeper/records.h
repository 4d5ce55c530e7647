// Records that several messages share. Source: zookeeper-protocol 1.5, 1.8.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coordinator/model/acl.h"
#include "coordinator/model/data.h"
#include "coordinator/model/stat.h"
#include "coordinator/wire/zookeeper/jute.h"

namespace rookery::wire {

void WriteStat(const model::Stat& stat, JuteWriter* writer);
model::Stat ReadStat(JuteReader* reader);

void WriteAcl(const std::optional<model::Acl>& acl, JuteWriter* writer);
std::optional<model::Acl> ReadAcl(JuteReader* reader);

model::Data ReadData(JuteReader* reader);
// A null vector counts as empty; a null string in it fails.
std::vector<std::string> ReadStrings(JuteReader* reader);

}  // namespace rookery::wire
