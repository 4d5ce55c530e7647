// What a gRPC client may put into a message beside what it should.
#include <gtest/gtest.h>

#include <cstdint>

#include "coordinator/frontend/grpc/convert.h"

namespace rookery::frontend {
namespace {

TEST(ConvertRequestTest, ACreateModeOfAnyNumberIsOneThatNoCreateHas) {
  for (const int32_t mode : {6, 1000, INT32_MAX, -1, INT32_MIN}) {
    v1::Create create;
    create.set_path("/a");
    create.set_mode(static_cast<v1::CreateMode>(mode));
    const model::WriteOperation operation = FromProto(create);
    EXPECT_LT(std::get<model::CreateRequest>(operation).flags, 0) << mode;
  }
}

TEST(ConvertRequestTest, AContainerIsOneAloneAndInAMulti) {
  v1::Create create;
  create.set_path("/a");
  create.set_mode(v1::CREATE_MODE_CONTAINER);
  const model::WriteOperation alone = FromProto(create);
  EXPECT_TRUE(std::get<model::CreateRequest>(alone).container);
  v1::Multi multi;
  *multi.add_parts()->mutable_create() = create;
  const auto operation = FromProto(multi);
  ASSERT_TRUE(operation.ok());
  const auto& parts = std::get<model::MultiRequest>(*operation).parts;
  EXPECT_EQ(std::get<model::CreateRequest>(parts.at(0)).flags, model::kContainer);
}

TEST(ConvertRequestTest, RefusesAnEmptyOperationAndAnEmptyPart) {
  EXPECT_EQ(FromProto(v1::Operation()).status().code(), absl::StatusCode::kInvalidArgument);
  v1::Multi multi;
  multi.add_parts();
  EXPECT_EQ(FromProto(multi).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace rookery::frontend
