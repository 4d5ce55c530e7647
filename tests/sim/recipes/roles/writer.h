// What roles that follow nodes also do: change them, each time with data that nobody else writes.
#pragma once

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/client/recipes/support/operations.h"
#include "tests/sim/recipes/role.h"

namespace rookery::sim {

class WritingRole : public Role {
 public:
  WritingRole(const Seat& seat, int64_t pace_us) : Role(seat, pace_us), operations_(client()) {}

 protected:
  Async<> Write(std::string path, std::string data) {
    facts().written[path].push_back(data);
    model::SetDataRequest set;
    set.path = path;
    set.data = data;
    const auto written = co_await operations_.SetData(std::move(set));
    if (written.error != model::ErrorCode::kNoNode) co_return;
    const size_t slash = path.rfind('/');
    const auto parent = co_await operations_.EnsurePath(path.substr(0, slash), *model::OpenAcl());
    if (parent != model::ErrorCode::kOk) co_return;
    model::CreateRequest create;
    create.path = std::move(path);
    create.data = std::move(data);
    create.acl = *model::OpenAcl();
    const auto made = co_await operations_.Create(std::move(create));
    (void)made;
  }
  Async<> Remove(std::string path) {
    model::DeleteRequest request;
    request.path = std::move(path);
    const auto deleted = co_await operations_.DeleteOnce(std::move(request));
    (void)deleted;
  }

 private:
  client::recipes::Operations operations_;
};

}  // namespace rookery::sim
