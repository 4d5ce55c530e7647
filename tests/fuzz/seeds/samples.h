// Values that the seeds of several targets are made of.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "coordinator/model/request.h"

namespace rookery::fuzz {

inline model::Acl SampleAcl() {
  return {{model::kAll, {"world", "anyone"}},
          {model::kRead, {"digest", "user:base64"}},
          {model::kAll, {"auth", ""}},
          {model::kWrite, {"ip", "10.0.0.0/8"}}};
}

// One of each, and what is special about some.
inline std::vector<std::pair<std::string, model::WriteOperation>> SampleWrites() {
  const model::Acl open = *model::OpenAcl();
  const model::CreateRequest create = {.path = "/a", .data = "data", .acl = open};
  model::CreateRequest sequential = create;
  sequential.path = "/a/s-";
  sequential.flags = model::kEphemeralSequential;
  sequential.want_stat = true;
  return {
      {"create", create},
      {"create_sequential", sequential},
      {"create_null", model::CreateRequest{.path = "/b"}},
      {"create_acl", model::CreateRequest{.path = "/c", .data = "", .acl = SampleAcl()}},
      {"delete", model::DeleteRequest{.path = "/a", .version = 3}},
      {"set_data", model::SetDataRequest{.path = "/a", .data = "other", .version = 0}},
      {"set_acl", model::SetAclRequest{.path = "/a", .acl = SampleAcl()}},
      {"multi",
       model::MultiRequest{{create, model::CheckRequest{"/a", 0},
                            model::SetDataRequest{"/a", "x", -1}, model::DeleteRequest{"/a", -1}}}},
      {"multi_empty", model::MultiRequest{}},
      {"close", model::CloseSessionRequest{}},
  };
}

inline std::vector<std::pair<std::string, model::ReadOperation>> SampleReads() {
  return {
      {"exists", model::ExistsRequest{"/a", true}},
      {"get_data", model::GetDataRequest{"/a", true}},
      {"get_acl", model::GetAclRequest{"/a"}},
      {"get_children", model::GetChildrenRequest{"/", true, false}},
      {"get_children2", model::GetChildrenRequest{"/zookeeper", false, true}},
      {"sync", model::SyncRequest{"/"}},
      {"ping", model::PingRequest{}},
      {"set_watches", model::SetWatchesRequest{7, {"/a"}, {"/b", "/c"}, {"/"}, {}, {}}},
      {"set_watches2", model::SetWatchesRequest{7, {"/a"}, {}, {}, {"/b"}, {"/", "/c"}}},
      {"add_watch", model::AddWatchRequest{"/a", model::WatchMode::kPersistentRecursive}},
      {"check_watches", model::CheckWatchesRequest{"/a", model::WatcherType::kData}},
      {"remove_watches", model::RemoveWatchesRequest{"/a", model::WatcherType::kAny}},
      {"who_am_i", model::WhoAmIRequest{}},
      {"get_ephemerals", model::GetEphemeralsRequest{"/a"}},
  };
}

}  // namespace rookery::fuzz
