#include <utility>

#include "coordinator/tree/operations.h"

namespace rookery::tree {
namespace {

using model::ErrorCode;
using Part = model::MultiReply::Part;

struct PartRunner {
  const WriteContext& context;
  Overlay& tree;
  Part::Kind kind = Part::Kind::kError;

  Result operator()(const model::CreateRequest& request) {
    kind = Part::Kind::kCreate;
    // By its flags alone ZooKeeper tells here a create from a createContainer.
    const bool container = request.flags == model::kContainer;
    if (container == request.container) return Create(request, context, tree);
    model::CreateRequest meant = request;
    meant.container = container;
    return Create(meant, context, tree);
  }
  Result operator()(const model::DeleteRequest& request) {
    kind = Part::Kind::kDelete;
    return Delete(request, context, tree);
  }
  Result operator()(const model::SetDataRequest& request) {
    kind = Part::Kind::kSetData;
    return SetData(request, context, tree);
  }
  Result operator()(const model::CheckRequest& request) {
    kind = Part::Kind::kCheck;
    return Check(request, context, tree);
  }
};

// A create with a flag that op create does not have spoils the whole request, not its part alone
// (2.2): ZooKeeper fails to read such a part, with TTL modes too.
bool HasUnreadableFlags(const model::MultiRequest& request) {
  for (const auto& part : request.parts) {
    const auto* create = std::get_if<model::CreateRequest>(&part);
    if (create != nullptr && (create->flags < 0 || create->flags > model::kContainer)) return true;
  }
  return false;
}

// A part's answer is one of the few kinds that parts have.
void PutBody(model::ReplyBody body, Part* part) {
  if (auto* created = std::get_if<model::CreateReply>(&body)) {
    part->body = std::move(*created);
  } else if (auto* stat = std::get_if<model::StatReply>(&body)) {
    part->body = *stat;
  }
}

// Every part becomes an error: none before the failure, its own code, inconsistency after it (1.6).
model::MultiReply Failed(size_t parts, size_t failed, ErrorCode error) {
  model::MultiReply reply;
  reply.parts.resize(parts);
  for (size_t i = 0; i < parts; ++i) {
    reply.parts[i].kind = Part::Kind::kError;
    reply.parts[i].error = i < failed    ? ErrorCode::kOk
                           : i == failed ? error
                                         : ErrorCode::kRuntimeInconsistency;
  }
  return reply;
}

}  // namespace

Result Multi(const model::MultiRequest& request, const WriteContext& context, Overlay& tree) {
  if (HasUnreadableFlags(request)) return Result::Error(ErrorCode::kMarshallingError);
  model::MultiReply reply;
  reply.parts.reserve(request.parts.size());
  for (size_t i = 0; i < request.parts.size(); ++i) {
    PartRunner runner{context, tree};
    Result result = std::visit(runner, request.parts[i]);
    if (result.error != ErrorCode::kOk) {
      tree.Discard();
      return {.body = Failed(request.parts.size(), i, result.error)};
    }
    Part part;
    // std::visit took the runner by reference, so it knows which part it ran.
    part.kind = runner.kind;
    PutBody(std::move(result.body), &part);
    reply.parts.push_back(std::move(part));
  }
  return {.body = std::move(reply)};
}

}  // namespace rookery::tree
