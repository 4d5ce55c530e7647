// Random requests and replies for round trips and mutations.
#pragma once

#include <string>
#include <utility>

#include "coordinator/base/random.h"
#include "coordinator/model/reply.h"
#include "coordinator/model/request.h"

namespace rookery::wire {

inline std::string RandomBytes(Random* random, size_t bytes_max) {
  std::string text(random->Below(bytes_max + 1), '\0');
  for (char& byte : text) byte = static_cast<char>(random->Next());
  return text;
}

inline int32_t RandomInt(Random* random) {
  return random->Chance(0.3) ? -1 : static_cast<int32_t>(random->Next());
}

inline model::Data RandomData(Random* random) {
  if (random->Chance(0.2)) return std::nullopt;
  return RandomBytes(random, 100);
}

inline std::optional<model::Acl> RandomAcl(Random* random) {
  if (random->Chance(0.2)) return std::nullopt;
  model::Acl acl;
  for (uint64_t i = random->Below(3); i > 0; --i) {
    acl.push_back({RandomInt(random), {RandomBytes(random, 8), RandomBytes(random, 20)}});
  }
  return acl;
}

inline model::CreateRequest RandomCreate(Random* random) {
  return {RandomBytes(random, 40), RandomData(random), RandomAcl(random),
          static_cast<int32_t>(random->Below(7)), random->Chance(0.5)};
}

inline model::WriteOperation RandomWrite(Random* random) {
  switch (random->Below(5)) {
    case 0:
      return RandomCreate(random);
    case 1:
      return model::DeleteRequest{RandomBytes(random, 40), RandomInt(random)};
    case 2:
      return model::SetDataRequest{RandomBytes(random, 40), RandomData(random), RandomInt(random)};
    case 3:
      return model::SetAclRequest{RandomBytes(random, 40), RandomAcl(random), RandomInt(random)};
    default: {
      model::MultiRequest multi;
      for (uint64_t i = random->Below(5); i > 0; --i) {
        switch (random->Below(4)) {
          case 0:
            multi.parts.emplace_back(RandomCreate(random));
            break;
          case 1:
            multi.parts.emplace_back(
                model::DeleteRequest{RandomBytes(random, 40), RandomInt(random)});
            break;
          case 2:
            multi.parts.emplace_back(model::SetDataRequest{RandomBytes(random, 40),
                                                           RandomData(random), RandomInt(random)});
            break;
          default:
            multi.parts.emplace_back(
                model::CheckRequest{RandomBytes(random, 40), RandomInt(random)});
        }
      }
      return multi;
    }
  }
}

inline std::vector<std::string> RandomStrings(Random* random) {
  std::vector<std::string> strings(random->Below(5));
  for (std::string& text : strings) text = RandomBytes(random, 30);
  return strings;
}

inline model::ReadOperation RandomRead(Random* random) {
  switch (random->Below(12)) {
    case 0:
      return model::ExistsRequest{RandomBytes(random, 40), random->Chance(0.5)};
    case 1:
      return model::GetDataRequest{RandomBytes(random, 40), random->Chance(0.5)};
    case 2:
      return model::GetAclRequest{RandomBytes(random, 40)};
    case 3:
      return model::GetChildrenRequest{RandomBytes(random, 40), random->Chance(0.5),
                                       random->Chance(0.5)};
    case 4:
      return model::SyncRequest{RandomBytes(random, 40)};
    case 5:
      return model::PingRequest();
    case 6:
      return model::AddWatchRequest{RandomBytes(random, 40),
                                    static_cast<model::WatchMode>(random->Below(2))};
    case 7:
      return model::CheckWatchesRequest{RandomBytes(random, 40),
                                        static_cast<model::WatcherType>(random->Between(1, 5))};
    case 8:
      return model::RemoveWatchesRequest{RandomBytes(random, 40),
                                         static_cast<model::WatcherType>(random->Between(1, 5))};
    case 9:
      return model::WhoAmIRequest();
    case 10:
      return model::GetEphemeralsRequest{RandomBytes(random, 40)};
    default:
      return model::SetWatchesRequest{static_cast<int64_t>(random->Next()),
                                      RandomStrings(random),
                                      RandomStrings(random),
                                      RandomStrings(random),
                                      RandomStrings(random),
                                      RandomStrings(random)};
  }
}

inline model::Stat RandomStat(Random* random) {
  const auto next = [random] { return static_cast<int64_t>(random->Next()); };
  return {next(),
          next(),
          next(),
          next(),
          RandomInt(random),
          RandomInt(random),
          RandomInt(random),
          next(),
          RandomInt(random),
          RandomInt(random),
          next()};
}

inline model::MultiReply::Part RandomPart(Random* random) {
  using Kind = model::MultiReply::Part::Kind;
  const bool with_stat = random->Chance(0.5);
  switch (random->Below(5)) {
    case 0:
      return {Kind::kCreate, model::ErrorCode::kOk,
              model::CreateReply{RandomBytes(random, 30),
                                 with_stat ? RandomStat(random) : model::Stat(), with_stat}};
    case 1:
      return {Kind::kDelete, model::ErrorCode::kOk, model::EmptyReply()};
    case 2:
      return {Kind::kSetData, model::ErrorCode::kOk, model::StatReply{RandomStat(random)}};
    case 3:
      return {Kind::kCheck, model::ErrorCode::kOk, model::EmptyReply()};
    default:
      return {Kind::kError, model::ErrorCode::kBadVersion, model::EmptyReply()};
  }
}

}  // namespace rookery::wire
