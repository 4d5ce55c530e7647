#include "tools/rookery/bench/gap.h"

#include <algorithm>
#include <future>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/random.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/client/connect_string.h"
#include "tools/rookery/bench/write_count.h"

namespace rookery::tools::bench {
namespace {

using model::ErrorCode;

// Everything here runs on one core.
class Measurement {
 public:
  // `versions`: of every writer's node before.
  Measurement(AsioCore* core, const GapOptions& options, client::ConnectString servers,
              const std::vector<int64_t>& versions)
      : core_(core), options_(options), servers_(std::move(servers)), writers_(versions.size()) {
    for (size_t i = 0; i < versions.size(); ++i) writers_[i].count = WriteCount(versions[i]);
  }

  absl::Status Begin() {
    for (size_t i = 0; i < writers_.size(); ++i) ROOKERY_RETURN_IF_ERROR(OpenClient(i));
    last_us_ = SystemClock().NowUs();
    last_wall_ms_ = SystemClock().WallMs();
    return absl::OkStatus();
  }

  GapResult End() {
    ended_ = true;
    NoteGap(SystemClock().NowUs());  // a pause that still lasts counts too
    for (Writer& writer : writers_) NoteOwnPause(&writer, SystemClock().NowUs());
    for (Writer& writer : writers_) {
      if (writer.client) writer.client->Close(nullptr);
    }
    return std::move(result_);
  }

  void DestroyClients() {
    for (Writer& writer : writers_) writer.client.reset();
  }

  // Compares what was sent and acknowledged with what was applied to each node, before and at the
  // end. REQUIRES: End() was called; called once.
  void Verify(const std::vector<int64_t>& versions, GapResult* result) {
    for (size_t i = 0; i < writers_.size(); ++i) {
      WriteCount& count = writers_[i].count;
      count.Ended(versions[i]);
      result->missing += count.missing();
      result->doubled += count.doubled();
    }
    result->versions = versions;
    result->verified = true;
  }

 private:
  struct Writer {
    std::unique_ptr<client::Client> client;
    int64_t last_us = 0;  // its last acknowledgement, 0 before the first
    WriteCount count;
  };

  absl::Status OpenClient(size_t i) {
    client::Options options;
    options.servers = servers_.servers;
    options.chroot = servers_.chroot;
    options.session_timeout_ms = options_.session_timeout_ms;
    options.seed = SeedFromSystem();
    // What is measured is the servers' pause, not the client's patience.
    options.backoff_min_ms = 5;
    options.backoff_max_ms = 50;
    options.observer = [this, i, connected = false](client::SessionState state) mutable {
      if (connected && state == client::SessionState::kConnecting) {
        ++result_.disconnects;
        ++result_.disconnects_by_server[writers_[i].client->server().ToString()];
      }
      connected = state == client::SessionState::kConnected;
      if (state == client::SessionState::kExpired && !ended_) Replace(i);
    };
    ROOKERY_ASSIGN_OR_RETURN(writers_[i].client,
                             client::CreateClient(options_.protocol, core_, std::move(options)));
    writers_[i].client->Connect();
    for (int n = 0; n < options_.inflight; ++n) Write(i, writers_[i].client.get());
    return absl::OkStatus();
  }

  // A new client in the place of one whose session is over.
  void Replace(size_t i) {
    ++result_.expired_sessions;
    writers_[i].count.LoseUnanswered();
    core_->Post([this, i] {
      if (!ended_) OpenClient(i).IgnoreError();
    });
  }

  void Write(size_t i, client::Client* client) {
    writers_[i].count.Sent();
    client->SetData({absl::StrCat("/bench/gap", i), std::string(options_.size, 'x'), -1},
                    [this, i, client](client::Result<model::StatReply> result) {
                      OnAnswer(i, client, result);
                    });
  }

  void OnAnswer(size_t i, client::Client* client, const client::Result<model::StatReply>& result) {
    if (ended_) return;
    WriteCount& count = writers_[i].count;
    if (result.ok()) {
      const int64_t now_us = SystemClock().NowUs();
      ++result_.acknowledged;
      count.Acknowledged(result.value.stat.version);
      NoteGap(now_us);
      NoteOwnPause(&writers_[i], now_us);
    } else if (result.error == ErrorCode::kConnectionLoss ||
               result.error == ErrorCode::kOperationTimeout) {
      ++result_.lost;
      count.Lost();
    } else if (result.error == ErrorCode::kSessionExpired) {
      return;  // the client has been replaced, and its writes are counted as lost
    } else {
      ++result_.refused;
      count.Refused();
    }
    Write(i, client);
  }

  void NoteGap(int64_t now_us) {
    const Gap gap{last_wall_ms_, static_cast<double>(now_us - last_us_) / 1000};
    last_us_ = now_us;
    last_wall_ms_ = SystemClock().WallMs();
    if (gap.length_ms > result_.longest.length_ms) result_.longest = gap;
    if (gap.length_ms < options_.report_ms) return;
    result_.gaps.push_back(gap);
    if (options_.on_gap) options_.on_gap(gap);
  }

  void NoteOwnPause(Writer* writer, int64_t now_us) {
    if (writer->last_us != 0) {
      result_.longest_of_one_client_ms = std::max(
          result_.longest_of_one_client_ms, static_cast<double>(now_us - writer->last_us) / 1000);
    }
    writer->last_us = now_us;
  }

  AsioCore* core_;
  const GapOptions& options_;
  client::ConnectString servers_;
  std::vector<Writer> writers_;
  GapResult result_;
  bool ended_ = false;
  int64_t last_us_ = 0;
  int64_t last_wall_ms_ = 0;
};

std::string PathOf(int i) { return absl::StrCat("/bench/gap", i); }

// The version of every writer's node.
absl::StatusOr<std::vector<int64_t>> ReadVersions(const GapOptions& options) {
  ROOKERY_ASSIGN_OR_RETURN(
      auto client,
      client::OpenBlockingClient(options.protocol, options.servers, client::Options(), 10000));
  client->Sync("/bench");
  std::vector<int64_t> versions;
  for (int i = 0; i < options.connections; ++i) {
    const auto stat = client->Exists(PathOf(i));
    if (!stat.ok()) {
      return absl::UnavailableError(
          absl::StrCat("cannot read ", PathOf(i), ": ", model::ErrorName(stat.error)));
    }
    versions.push_back(stat.value.stat.version);
  }
  return versions;
}

absl::Status CreateNodes(const GapOptions& options) {
  ROOKERY_ASSIGN_OR_RETURN(
      auto client,
      client::OpenBlockingClient(options.protocol, options.servers, client::Options(), 10000));
  std::vector<std::string> paths = {"/bench"};
  for (int i = 0; i < options.connections; ++i) paths.push_back(PathOf(i));
  for (const std::string& path : paths) {
    const auto made = client->Create({path, "", *model::OpenAcl(), 0, false});
    if (made.ok() || made.error == ErrorCode::kNodeExists) continue;
    return absl::UnavailableError(
        absl::StrCat("cannot create ", path, ": ", model::ErrorName(made.error)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<GapResult> MeasureGap(const GapOptions& options) {
  ROOKERY_ASSIGN_OR_RETURN(client::ConnectString servers,
                           client::ParseConnectString(options.servers));
  ROOKERY_RETURN_IF_ERROR(CreateNodes(options));
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<int64_t> before, ReadVersions(options));
  AsioCore core;
  Measurement measurement(&core, options, std::move(servers), before);
  absl::Status status;
  GapResult result;
  core.Post([&] {
    status = measurement.Begin();
    if (!status.ok()) return core.Stop();
    core.RunAfter(static_cast<int64_t>(options.seconds * 1e6), [&] {
      result = measurement.End();
      // Sessions get a moment to close.
      core.RunAfter(200'000, [&] {
        measurement.DestroyClients();
        core.Stop();
      });
    });
  });
  core.Run();
  ROOKERY_RETURN_IF_ERROR(status);
  const absl::StatusOr<std::vector<int64_t>> after = ReadVersions(options);
  if (after.ok()) measurement.Verify(*after, &result);
  return result;
}

}  // namespace rookery::tools::bench
