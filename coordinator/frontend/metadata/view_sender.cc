#include "coordinator/frontend/metadata/view_sender.h"

#include <utility>

namespace rookery::frontend {

void ViewSender::Start(bool must_exist) {
  must_exist_ = must_exist;
  service_->OpenView(
      [self = shared_from_this()](absl::StatusOr<service::Service::FrozenTree> tree) {
        if (self->stopped()) return;
        if (!tree.ok()) return self->End(tree.status());
        self->zxid_ = tree->zxid;
        self->pieces_ =
            std::make_shared<ViewPieces>(self->root_, std::move(tree->view), self->credentials_);
        self->Step();
      });
}

void ViewSender::Resume() {
  if (!std::exchange(halted_, false) || stopped()) return;
  Step();
}

void ViewSender::Step() {
  if (hooks_.full()) {
    halted_ = true;
    return;
  }
  const bool check = std::exchange(must_exist_, false);
  scans_->Run([self = shared_from_this(), pieces = pieces_, check] {
    absl::StatusOr<std::unique_ptr<v1::ClusterPart>> piece = nullptr;
    absl::Status status = check ? pieces->Check() : absl::OkStatus();
    if (status.ok()) {
      piece = pieces->Next();
    } else {
      piece = std::move(status);
    }
    self->core_->Post(
        [self, piece = std::move(piece)]() mutable { self->OnPiece(std::move(piece)); });
  });
}

void ViewSender::OnPiece(absl::StatusOr<std::unique_ptr<v1::ClusterPart>> piece) {
  if (stopped()) return;
  if (!piece.ok()) return End(piece.status());
  if (*piece == nullptr) return End(zxid_);
  hooks_.send(zxid_, std::move(**piece));
  if (!stopped()) Step();
}

void ViewSender::End(absl::StatusOr<model::Zxid> result) {
  pieces_.reset();
  Hooks hooks = std::exchange(hooks_, {});
  hooks.end(std::move(result));
}

}  // namespace rookery::frontend
