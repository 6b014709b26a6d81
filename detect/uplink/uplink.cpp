// One thread: connect, say hello, send what the spool holds, forget what the server confirmed; when
// the connection is over, pause and begin again. Everything it knows between connections is in the
// spool.
#include "detect/uplink/uplink.hpp"

#include "capture/base/log.hpp"
#include "capture/base/wake_event.hpp"
#include "capture/base/z85.hpp"
#include "detect/uplink/link.hpp"

#include <algorithm>
#include <charconv>
#include <random>
#include <stdexcept>

namespace cresset::detect::uplink {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds longest_wait{50}; // session::tick wants to be called at least every 100 ms

std::uint64_t random_number() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32 | device();
}

/// "tcp://HOST:PORT"; ZeroMQ would read it only when it connects.
bool is_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (!text.starts_with("tcp://") || colon == std::string_view::npos || colon <= 6)
    return false;
  const auto port = text.substr(colon + 1);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  return error == std::errc{} && end == port.data() + port.size() && number >= 1 && number <= 65535;
}

void check(const uplink_options& options) {
  if (options.own.kind != key_kind::curve || !options.own.has_secret())
    throw std::invalid_argument{"uplink: the sensor's key must be a curve key with its secret; "
                                "make one with 'cresset keys new'"};
  if (options.server.kind != key_kind::curve || options.server.public_key.size() != 32)
    throw std::invalid_argument{"uplink: the server's key must be the curve key in its .pub file"};
  if (!is_endpoint(options.endpoint))
    throw std::invalid_argument{"uplink: the coordinator '" + options.endpoint +
                                "' must be given as tcp://HOST:PORT"};
}

} // namespace

class uplink::connection_loop {
public:
  connection_loop(spool& from, uplink_options options, uplink_counters& counters)
      : spool_{from}, options_{std::move(options)}, counters_{counters}, session_{
                                                                             options_.session} {}

  void run() {
    while (!is_over()) {
      connect_once();
      counters_.is_up.set(0);
      if (!is_over())
        pause();
    }
  }

  void stop(milliseconds patience) {
    stop_at_.store((clock::now() + patience).time_since_epoch().count());
    wake_.raise();
  }
  void wake() noexcept { wake_.raise(); }

private:
  link_options link_settings() const {
    return {options_.endpoint, options_.own, options_.server, options_.connect_within};
  }

  bool is_stopping() const { return stop_at_.load() != 0; }
  bool is_over() const {
    const auto at = stop_at_.load();
    if (at == 0)
      return false;
    const auto held = spool_.position();
    return held.first == held.next || clock::now().time_since_epoch().count() >= at;
  }

  /// One line when something changes, none while it stays as it is.
  void tell(log_level level, std::string text) {
    if (text == told_)
      return;
    log_line(level, "uplink", text);
    told_ = std::move(text);
  }

  void connect_once() {
    try {
      link connection{context_, link_settings()};
      if (becomes_up(connection))
        hold_session(connection);
    } catch (const zmq::error_t& error) { // no descriptor left, or no memory: it may pass
      pause_ = options_.retry_last;
      tell(log_level::error, fmt::format("{}: {}; trying on", options_.endpoint, error.what()));
    }
  }

  void hold_session(link& link) {
    epoch_ = spool_.position().epoch;
    if (link.send(session_.open(random_number(), spool_.position(), clock::now(), now())))
      talk(link);
    if (session_.is_welcome())
      counters_.broken.add();
    past_resumes_ += session_.counters().resumes;
    past_busy_ += session_.counters().busy;
  }

  bool becomes_up(link& link) {
    const auto until = clock::now() + options_.connect_within;
    while (clock::now() < until && !is_over()) {
      if (const auto event = link.event())
        return *event == link_event::up ? true : (failed(*event), false);
      link.wait(wake_, longest_wait);
      wake_.clear();
    }
    if (!is_over())
      failed(link_event::closed);
    return false;
  }

  void failed(link_event why) {
    pause_ = std::clamp(pause_ * 2, options_.retry_first, options_.retry_last);
    switch (why) {
    case link_event::refused:
      counters_.refused.add();
      pause_ = options_.retry_refused;
      return tell(log_level::error,
                  fmt::format("{} does not know this sensor's key {} ({}); register it at the "
                              "server, alerts wait in the spool",
                              options_.endpoint, to_z85(options_.own.public_key),
                              options_.own.name));
    case link_event::no_handshake:
      return tell(log_level::error,
                  fmt::format("{} broke off the handshake; is it a Cresset server, and {} its key?",
                              options_.endpoint, to_z85(options_.server.public_key)));
    default:
      return tell(log_level::warning,
                  fmt::format("{} cannot be reached; trying on, alerts wait in the spool",
                              options_.endpoint));
    }
  }

  void talk(link& link) {
    while (!is_over()) {
      if (const auto event = link.event(); event && *event != link_event::up) {
        pause_ = std::max(pause_, options_.retry_first);
        return tell(
            log_level::warning,
            fmt::format("{} closed the connection; alerts wait in the spool", options_.endpoint));
      }
      while (const auto message = link.receive())
        if (!obey(link,
                  session_.receive({message->data<std::byte>(), message->size()}, clock::now())))
          return;
      if (!forget_confirmed() ||
          !obey(link, session_.tick(spool_.position(), clock::now(), now())) || !send_batches(link))
        return;
      link.wait(wake_, time_to_wait());
      wake_.clear();
    }
  }

  /// Does what the session asks for; false when the connection is over.
  bool obey(link& link, const reaction& asked) {
    if (session_.is_welcome() && counters_.is_up.value() == 0) {
      counters_.is_up.set(1);
      counters_.connected.add();
      pause_ = milliseconds{0};
      tell(log_level::info, fmt::format("connected to {} as {}, from alert {}", options_.endpoint,
                                        options_.own.name, session_.acknowledged() + 1));
    }
    if (asked.acknowledge_through)
      confirmed_ = *asked.acknowledge_through;
    if (asked.begin_epoch)
      if (const auto begun = spool_.begin_epoch(); !begun)
        tell(log_level::error, begun.error().text);
    if (!asked.send.empty())
      (void)link.send(asked.send);
    counters_.resumes.set(past_resumes_ + session_.counters().resumes);
    counters_.busy.set(past_busy_ + session_.counters().busy);
    if (!asked.end)
      return true;
    pause_ = std::max(asked.end->retry_after,
                      std::clamp(pause_ * 2, options_.retry_first, options_.retry_last));
    (void)forget_confirmed();
    tell(log_level::warning, fmt::format("{}: {}", options_.endpoint, asked.end->text));
    return false;
  }

  /// All acks that came in at once are one write. A spool that cannot be written now keeps the
  /// alerts: they are confirmed again with the next ack.
  bool forget_confirmed() {
    if (!confirmed_)
      return true;
    const auto through = *std::exchange(confirmed_, std::nullopt);
    counters_.acknowledged.set(through);
    if (const auto done = spool_.acknowledge(epoch_, through); !done)
      tell(log_level::error, done.error().text);
    return true;
  }

  bool send_batches(link& link) {
    for (;;) {
      const auto held = spool_.position();
      const auto permit = session_.may_send(held, clock::now());
      if (!permit || held.epoch != epoch_) {
        waiting_since_.reset();
        return held.epoch == epoch_;
      }
      if (!waiting_since_)
        waiting_since_ = clock::now();
      const bool is_full = held.next - permit->from >= permit->limits.entries;
      if (!is_full && !is_stopping() && clock::now() < *waiting_since_ + options_.linger_batch)
        return true;
      waiting_since_.reset();
      if (!send_batch(link, *permit))
        return false;
    }
  }

  bool send_batch(link& link, const send_permit& permit) {
    alert::batch_writer batch{session_.id(), permit.round, permit.from};
    if (permit.drop_through)
      batch.add_dropped(alert::drop_reason::acknowledged, *permit.drop_through);
    if (const auto read = spool_.read(batch, permit.limits); !read) {
      tell(log_level::error, read.error().text);
      return false;
    }
    const auto next = batch.next();
    if (batch.entries() == 0 || !link.send(std::move(batch).finish()))
      return false;
    session_.sent(next, clock::now());
    counters_.batches_sent.add();
    return true;
  }

  milliseconds time_to_wait() const {
    if (!waiting_since_)
      return longest_wait;
    const auto left =
        std::chrono::ceil<milliseconds>(*waiting_since_ + options_.linger_batch - clock::now());
    return std::clamp(left, milliseconds{0}, longest_wait);
  }

  void pause() {
    const auto until = clock::now() + pause_;
    while (clock::now() < until && !is_over()) {
      wake_.wait(std::min(longest_wait, std::chrono::ceil<milliseconds>(until - clock::now())));
      wake_.clear();
    }
  }

  spool& spool_;
  const uplink_options options_;
  uplink_counters& counters_;
  session session_;
  zmq::context_t context_{1};
  wake_event wake_;
  std::atomic<clock::rep> stop_at_{0};
  alert::epoch_id epoch_; // of this session
  std::optional<std::uint64_t> confirmed_;
  std::optional<clock::time_point> waiting_since_; // records lie there unsent
  milliseconds pause_{0};
  std::uint64_t past_resumes_ = 0;
  std::uint64_t past_busy_ = 0;
  std::string told_;
};

uplink::uplink(spool& from, uplink_options options) {
  check(options);
  loop_ = std::make_unique<connection_loop>(from, std::move(options), counters_);
  thread_ = std::thread{[this] { loop_->run(); }};
}

uplink::~uplink() {
  stop();
}

void uplink::wake() noexcept {
  loop_->wake();
}

void uplink::stop(std::chrono::milliseconds patience) {
  if (!thread_.joinable())
    return;
  loop_->stop(patience);
  thread_.join();
}

} // namespace cresset::detect::uplink
