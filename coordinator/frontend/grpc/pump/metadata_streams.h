// The streams of MetadataService: a whole cluster, and what happens to it.
#pragma once

#include "coordinator/frontend/grpc/pump/unary.h"
#include "coordinator/kafka/journal.h"
#include "rookery/v1/metadata.pb.h"

namespace rookery::frontend {

// What is returned owns itself.
grpc::ServerWriteReactor<v1::ReadClusterResponse>* NewReadClusterReactor(
    grpc::CallbackServerContext* call, const v1::ReadClusterRequest& request,
    const UnaryContext& door, BackgroundExecutor* background);

grpc::ServerWriteReactor<v1::WatchMetadataResponse>* NewWatchMetadataReactor(
    grpc::CallbackServerContext* call, const v1::WatchMetadataRequest& request,
    const UnaryContext& door, BackgroundExecutor* background, kafka::MetadataJournal* journal);

}  // namespace rookery::frontend
