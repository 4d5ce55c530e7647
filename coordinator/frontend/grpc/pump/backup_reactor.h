// BackUp: a copy of the state, read beside the core and sent file by file.
#pragma once

#include <grpcpp/support/server_callback.h>

#include "coordinator/base/executor.h"
#include "coordinator/service/ensemble.h"
#include "rookery/v1/ensemble.pb.h"

namespace rookery::frontend {

// What is returned owns itself. A `refusal` that is not OK ends the call at once.
grpc::ServerWriteReactor<v1::BackUpResponse>* NewBackUpReactor(const grpc::Status& refusal,
                                                               service::Ensemble* ensemble,
                                                               Executor* core,
                                                               BackgroundExecutor* background);

}  // namespace rookery::frontend
