#include "coordinator/frontend/metadata/plan_run.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "coordinator/kafka/layout.h"

namespace rookery::frontend {
namespace {

using model::ErrorCode;

constexpr int kAttemptsMax = 10;

// Bytes of a part beside its path and data.
constexpr size_t kAroundPartBytes = 64;

size_t BytesOf(const kafka::Plan& plan) {
  size_t bytes = 0;
  for (const auto& part : plan.parts) {
    bytes += kAroundPartBytes + std::visit([](const auto& one) { return one.path.size(); }, part);
    const auto* create = std::get_if<model::CreateRequest>(&part);
    const auto* set = std::get_if<model::SetDataRequest>(&part);
    if (create != nullptr && create->data.has_value()) bytes += create->data->size();
    if (set != nullptr && set->data.has_value()) bytes += set->data->size();
  }
  return bytes;
}

class PlanRun : public std::enable_shared_from_this<PlanRun> {
 public:
  PlanRun(service::Service* service, PlanRules rules, MakePlan make_plan, OnPlanned done)
      : service_(service),
        rules_(std::move(rules)),
        make_plan_(std::move(make_plan)),
        done_(std::move(done)) {}

  void Try() {
    if (!service_->Serving()) {
      return done_(absl::UnavailableError(
          "this server is not serving: it has no contact to a leader; nothing was changed; try "
          "another server"));
    }
    service_->ReadTogether(
        rules_.credentials,
        [self = shared_from_this()](service::Service::Reads& reads) { self->Plan(reads); },
        [self = shared_from_this()](const absl::StatusOr<model::Zxid>& zxid) {
          if (!zxid.ok()) return self->done_(zxid.status());
          self->Send();
        });
  }

 private:
  void Plan(service::Service::Reads& reads) {
    PresentNodes nodes(&reads, kNodesOfOneCallMax);
    plan_ = absl::UnknownError("not planned");
    if (absl::Status found = CheckCluster(rules_.root, nodes); !found.ok()) {
      plan_ = found;
    } else {
      plan_ = make_plan_(nodes);
    }
    // What could not be read misled the planner.
    if (!nodes.refused().empty()) {
      plan_ = absl::PermissionDeniedError(
          absl::StrCat("node ", nodes.refused(),
                       " does not allow the caller READ: see getAcl, and rookery-auth"));
    } else if (!nodes.status().ok()) {
      plan_ = nodes.status();
    }
  }

  void Send() {
    if (!plan_.ok()) return done_(plan_.status());
    if (plan_->parts.empty()) return done_(0);
    const size_t bytes = BytesOf(*plan_);
    if (bytes > rules_.request_bytes_max) {
      return done_(absl::ResourceExhaustedError(absl::StrCat(
          "the change takes a request of ", bytes, " bytes, and jute.maxbuffer allows ",
          rules_.request_bytes_max, ": change less at once, or raise it")));
    }
    for (auto& part : plan_->parts) {
      std::visit([&](auto& one) { one.path = kafka::BelowRoot(rules_.root, one.path); }, part);
    }
    service_->WriteOnce(rules_.credentials, *plan_,
                        [self = shared_from_this()](const absl::StatusOr<model::Reply>& reply) {
                          self->OnReply(reply);
                        });
  }

  void OnReply(const absl::StatusOr<model::Reply>& reply) {
    if (absl::IsUnavailable(reply.status())) {
      return done_(
          absl::UnavailableError("this server stopped serving before the answer: the change may "
                                 "have happened; look before "
                                 "trying again"));
    }
    if (!reply.ok()) return done_(reply.status());
    ErrorCode error = reply->error;
    std::string path;
    if (const auto* multi = std::get_if<model::MultiReply>(&reply->body)) {
      for (size_t i = 0; i < multi->parts.size() && i < plan_->parts.size(); ++i) {
        const ErrorCode one = multi->parts[i].error;
        if (one == ErrorCode::kOk || one == ErrorCode::kRuntimeInconsistency) continue;
        error = one;
        path = std::visit([](const auto& part) { return part.path; }, plan_->parts[i]);
        break;
      }
    }
    switch (error) {
      case ErrorCode::kOk:
        return done_(reply->zxid);
      case ErrorCode::kBadVersion:
      case ErrorCode::kNodeExists:
      case ErrorCode::kNotEmpty:
      case ErrorCode::kNoNode:
        return TryAgain(error, path);
      case ErrorCode::kNoAuth:
        return done_(absl::PermissionDeniedError(
            absl::StrCat("node ", path,
                         " does not allow the caller this change: see getAcl, and "
                         "rookery-auth")));
      case ErrorCode::kQuotaExceeded:
        return done_(absl::ResourceExhaustedError(
            absl::StrCat("node ", path, " would pass a hard quota: see listquota")));
      default:
        return done_(absl::InvalidArgumentError(
            absl::StrCat("node ", path, " was refused: ", model::ErrorName(error))));
    }
  }

  void TryAgain(ErrorCode error, const std::string& path) {
    if (++attempts_ < kAttemptsMax) return Try();
    const std::string what = absl::StrCat(model::ErrorName(error), " ", path);
    if (error == ErrorCode::kNoNode) {
      return done_(absl::NotFoundError(
          absl::StrCat(what, ": expected the nodes of a Kafka cluster at the root '", rules_.root,
                       "'; has one of its brokers ever started")));
    }
    done_(absl::AbortedError(absl::StrCat("others changed the same nodes ", kAttemptsMax,
                                          " times in a row (", what, "): try again")));
  }

  service::Service* const service_;
  const PlanRules rules_;
  const MakePlan make_plan_;
  OnPlanned done_;
  absl::StatusOr<kafka::Plan> plan_ = absl::UnknownError("not planned");
  int attempts_ = 0;
};

}  // namespace

void RunPlan(service::Service* service, PlanRules rules, MakePlan make_plan, OnPlanned done) {
  std::make_shared<PlanRun>(service, std::move(rules), std::move(make_plan), std::move(done))
      ->Try();
}

}  // namespace rookery::frontend
