// Who may administer, through real channels of gRPC: one in this process, which has no address,
// stands for another machine.
#include "coordinator/frontend/grpc/pump/ensemble_service.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace rookery::frontend {
namespace {

using grpc::StatusCode;
using testing::HasSubstr;

class AtOnce final : public Executor {
 public:
  void Post(Task task) override { task(); }
  TimerId RunAfter(int64_t, Task) override { return 0; }
  void Cancel(TimerId) override {}
  bool IsCurrent() const override { return true; }
};

class BackgroundAtOnce final : public BackgroundExecutor {
 public:
  void Run(Task task) override { task(); }
};

// Two files, the first larger than a message may be.
class FakeCopy final : public service::StateCopy {
 public:
  const Facts& facts() const override { return facts_; }
  absl::StatusOr<std::vector<File>> List() override {
    return std::vector<File>{{"large", large_.size()}, {"small", 3}};
  }
  absl::StatusOr<std::string> Read(const std::string& file, uint64_t offset, size_t size) override {
    return (file == "large" ? large_ : "abc").substr(offset, size);
  }

 private:
  const Facts facts_ = {.server = 7, .digest = 0x1234};
  const std::string large_ = std::string(5u << 20, 'l') + "end";
};

class FakeEnsemble final : public service::Ensemble {
 public:
  service::EnsembleStatus Status() const override { return {.server = 7}; }
  void AddMember(uint32_t, std::string, bool, OnEngineId done) override { done(11); }
  void RejoinMember(uint32_t, OnEngineId done) override { done(12); }
  void TransferLeadership(uint32_t, absl::AnyInvocable<void(absl::Status)> done) override {
    done(absl::FailedPreconditionError("a lone server"));
  }
  void CopyState(OnCopy done) override { done(std::make_shared<FakeCopy>()); }
};

class EnsembleServiceTest : public testing::Test {
 protected:
  EnsembleServiceTest() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    far_ = v1::EnsembleService::NewStub(server_->InProcessChannel({}));
    near_ = v1::EnsembleService::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", port_), grpc::InsecureChannelCredentials()));
  }
  ~EnsembleServiceTest() override { server_->Shutdown(); }

  // Each of the three changes, as statuses.
  std::vector<grpc::Status> Change(v1::EnsembleService::Stub& stub, const std::string& auth = "") {
    std::vector<grpc::Status> statuses;
    const auto call = [&](auto method, auto request, auto response) {
      grpc::ClientContext context;
      if (!auth.empty()) context.AddMetadata("rookery-auth", auth);
      statuses.push_back((stub.*method)(&context, request, &response));
    };
    using Stub = v1::EnsembleService::Stub;
    call(&Stub::AddMember, v1::AddMemberRequest(), v1::AddMemberResponse());
    call(&Stub::RejoinMember, v1::RejoinMemberRequest(), v1::RejoinMemberResponse());
    call(&Stub::TransferLeadership, v1::TransferLeadershipRequest(),
         v1::TransferLeadershipResponse());
    return statuses;
  }

  AtOnce core_;
  BackgroundAtOnce background_;
  FakeEnsemble ensemble_;
  EnsembleServiceImpl service_{
      &ensemble_, &core_, &background_, {.super_digest = model::DigestId("super:secret")}};
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::EnsembleService::Stub> far_, near_;
};

TEST_F(EnsembleServiceTest, ChangesNothingForStrangersOfOtherMachines) {
  for (const char* auth : {"", "digest super:wrong", "digest user:secret"}) {
    for (const grpc::Status& status : Change(*far_, auth)) {
      EXPECT_EQ(status.error_code(), StatusCode::PERMISSION_DENIED) << auth;
      EXPECT_THAT(status.error_message(), HasSubstr("super identity"));
    }
  }
  for (const grpc::Status& status : Change(*far_, "nonsense")) {
    EXPECT_EQ(status.error_code(), StatusCode::UNAUTHENTICATED);
  }
}

TEST_F(EnsembleServiceTest, ObeysTheSuperIdentityAndItsOwnMachine) {
  for (const auto& statuses : {Change(*far_, "digest super:secret"), Change(*near_)}) {
    EXPECT_TRUE(statuses[0].ok()) << statuses[0].error_message();
    EXPECT_TRUE(statuses[1].ok()) << statuses[1].error_message();
    EXPECT_EQ(statuses[2].error_message(), "a lone server");
  }
}

TEST_F(EnsembleServiceTest, TellsEverybodyHowItFares) {
  grpc::ClientContext context;
  v1::GetStatusResponse response;
  ASSERT_TRUE(far_->GetStatus(&context, {}, &response).ok());
  EXPECT_EQ(response.server(), 7u);
}

TEST_F(EnsembleServiceTest, CopiesNothingForStrangers) {
  grpc::ClientContext context;
  const auto stream = far_->BackUp(&context, {});
  v1::BackUpResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), StatusCode::PERMISSION_DENIED);
}

TEST_F(EnsembleServiceTest, SendsEachFileWholeInPieces) {
  grpc::ClientContext context;
  const auto stream = near_->BackUp(&context, {});
  v1::BackUpResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.facts().digest(), 0x1234u);
  ASSERT_EQ(response.facts().files_size(), 2);
  std::string files[2];
  while (stream->Read(&response)) {
    ASSERT_LT(response.piece().file(), 2u);
    files[response.piece().file()] += response.piece().data();
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(files[0].size(), (5u << 20) + 3);
  EXPECT_THAT(files[0], testing::EndsWith("lend"));
  EXPECT_EQ(files[1], "abc");
}

}  // namespace
}  // namespace rookery::frontend
