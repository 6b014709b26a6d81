// The WebSocket (RFC 6455) of one page: notices go out in order, nothing is expected to come in.
// The network thread owns all of a session but `waiting_`; `offer` and `close` come from other
// threads and only post to it.
#include "coord/http/tls_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <atomic>
#include <deque>

namespace cresset::coord::http {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t incoming_limit_bytes = 4096;
constexpr std::chrono::seconds ping_after{15};
constexpr std::chrono::seconds handshake_limit{10};
constexpr std::chrono::seconds close_limit{2};

class notice_session : public push_client, public std::enable_shared_from_this<notice_session> {
public:
  notice_session(std::shared_ptr<tls_stream> connection, std::size_t queue_limit)
      : connection_{std::move(connection)}, socket_{connection_->stream()},
        wake_{connection_->stream().get_executor()}, queue_limit_{queue_limit} {
    wake_.expires_at(std::chrono::steady_clock::time_point::max());
  }

  bool offer(std::shared_ptr<const std::string> notice) override {
    if (waiting_.fetch_add(1) >= queue_limit_) {
      waiting_.fetch_sub(1);
      return false;
    }
    asio::post(wake_.get_executor(),
               [self = shared_from_this(), notice = std::move(notice)]() mutable {
                 self->queue_.push_back(std::move(notice));
                 self->wake_.cancel();
               });
    return true;
  }

  void close(std::string_view reason) override {
    asio::post(wake_.get_executor(), [self = shared_from_this(), text = std::string{reason}] {
      self->reason_ = text;
      self->over_ = true;
      // A client that does not read would never take the closing handshake in either.
      self->connection_->give(close_limit);
      self->wake_.cancel();
    });
  }

  asio::awaitable<bool> accept(const request& r) {
    beast::http::request<beast::http::empty_body> upgrade{beast::http::verb::get, r.path(), 11};
    for (const auto& h : r.headers)
      upgrade.insert(h.name, h.value);
    socket_.set_option(
        beast::websocket::stream_base::timeout{handshake_limit, 2 * ping_after, true});
    socket_.read_message_max(incoming_limit_bytes);
    connection_->give_forever();
    const auto [failed] = co_await socket_.async_accept(upgrade, quietly);
    co_return !failed;
  }

  asio::awaitable<void> write_notices() {
    while (!over_) {
      if (queue_.empty()) {
        co_await wake_.async_wait(quietly);
        wake_.expires_at(std::chrono::steady_clock::time_point::max());
        continue;
      }
      const auto notice = std::move(queue_.front());
      queue_.pop_front();
      const auto [failed, written] = co_await socket_.async_write(asio::buffer(*notice), quietly);
      waiting_.fetch_sub(1);
      if (failed)
        over_ = true;
    }
    connection_->give(close_limit);
    const beast::websocket::close_reason why{beast::websocket::close_code::try_again_later,
                                             reason_};
    co_await socket_.async_close(why, quietly);
    connection_->close();
  }

  /// What a client sends is read, so that pings and its closing are answered, and thrown away.
  asio::awaitable<void> read_and_discard() {
    beast::flat_buffer buffer{incoming_limit_bytes};
    for (;;) {
      const auto [failed, size] = co_await socket_.async_read(buffer, quietly);
      if (failed)
        break;
      buffer.clear();
    }
    over_ = true;
    wake_.cancel();
  }

private:
  std::shared_ptr<tls_stream> connection_;
  beast::websocket::stream<tls_stream::stream_type&> socket_;
  asio::steady_timer wake_; // cancelled when there is something to do
  std::deque<std::shared_ptr<const std::string>> queue_;
  std::size_t queue_limit_;
  std::atomic<std::size_t> waiting_{0};
  bool over_ = false;
  std::string reason_;
};

} // namespace

asio::awaitable<void> serve_notices(std::shared_ptr<tls_stream> connection, const request& r,
                                    const notice_service& service) {
  const auto executor = connection->stream().get_executor();
  const auto session = std::make_shared<notice_session>(std::move(connection), service.queue_limit);
  if (!co_await session->accept(r))
    co_return;
  const auto number = service.pushes.join(session, r.who->session);
  if (number == 0)
    session->close("too many pages listen already");
  else if (!service.sessions.is_open(r.who->session)) // it ended while we shook hands
    session->close("the session ended");
  asio::co_spawn(
      executor, [session]() -> asio::awaitable<void> { return session->read_and_discard(); },
      asio::detached);
  co_await session->write_notices();
  service.pushes.leave(number);
}

} // namespace cresset::coord::http
