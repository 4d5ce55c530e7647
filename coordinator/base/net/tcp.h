// TCP under the network seam. Private to this module: Asio's types stay in base/net.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "coordinator/base/network.h"

namespace rookery {

absl::StatusOr<std::unique_ptr<Listener>> ListenTcp(boost::asio::io_context& io,
                                                    const Address& address,
                                                    Network::OnAccept on_accept);
void ConnectTcp(boost::asio::io_context& io, const Address& address, int64_t timeout_us,
                Network::OnConnect done);

}  // namespace rookery
