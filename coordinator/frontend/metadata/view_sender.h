// Reads a cluster from a frozen view beside the core, and hands its pieces to whoever sends them,
// as fast as that is sent.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "coordinator/base/executor.h"
#include "coordinator/frontend/metadata/view_pieces.h"
#include "coordinator/service/service.h"

namespace rookery::frontend {

// Core executor only. Owned by shared pointers: what runs beside the core holds one.
class ViewSender : public std::enable_shared_from_this<ViewSender> {
 public:
  struct Hooks {
    // True while no more may be sent: Resume() says when to look again.
    std::function<bool()> full;
    // The next piece, of the view at `zxid`.
    std::function<void(model::Zxid zxid, v1::ClusterPart part)> send;
    // The last call: all is sent, or why not.
    std::function<void(absl::StatusOr<model::Zxid>)> end;
  };

  ViewSender(service::Service* service, Executor* core, BackgroundExecutor* scans, std::string root,
             model::Credentials credentials, Hooks hooks)
      : service_(service),
        core_(core),
        scans_(scans),
        root_(std::move(root)),
        credentials_(std::move(credentials)),
        hooks_(std::move(hooks)) {}

  // `must_exist`: NotFound if there is nothing of a cluster at the root. REQUIRES: the service is
  // serving.
  void Start(bool must_exist);
  void Resume();
  // Ends with this.
  void Fail(const absl::Status& status) {
    if (!stopped()) End(status);
  }
  // No hook is called any more.
  void Stop() { hooks_ = {}; }

 private:
  void Step();
  void OnPiece(absl::StatusOr<std::unique_ptr<v1::ClusterPart>> piece);
  void End(absl::StatusOr<model::Zxid> result);
  bool stopped() const { return hooks_.end == nullptr; }

  service::Service* const service_;
  Executor* const core_;
  BackgroundExecutor* const scans_;
  const std::string root_;
  const model::Credentials credentials_;
  Hooks hooks_;
  bool must_exist_ = false;
  bool halted_ = false;
  model::Zxid zxid_ = 0;
  std::shared_ptr<ViewPieces> pieces_;  // of the background executor while a step runs
};

}  // namespace rookery::frontend
