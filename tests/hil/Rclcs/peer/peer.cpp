// A Fast DDS program with generated types: prints every message it gets, field by field, and sends it back.
// Usage: peer <domain>. Ends at the end of its standard input, so that it cannot outlive the test.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <sstream>
#include <string>

#include <fastdds/dds/domain/DomainParticipant.hpp>
#include <fastdds/dds/domain/DomainParticipantFactory.hpp>
#include <fastdds/dds/domain/DomainParticipantListener.hpp>
#include <fastdds/dds/publisher/DataWriter.hpp>
#include <fastdds/dds/publisher/Publisher.hpp>
#include <fastdds/dds/subscriber/DataReader.hpp>
#include <fastdds/dds/subscriber/DataReaderListener.hpp>
#include <fastdds/dds/subscriber/SampleInfo.hpp>
#include <fastdds/dds/subscriber/Subscriber.hpp>
#include <fastdds/dds/topic/TypeSupport.hpp>
#include <fastdds/rtps/participant/ParticipantDiscoveryInfo.h>
#include <fastdds/rtps/transport/UDPv4TransportDescriptor.h>

#include "ros_messagesPubSubTypes.h"

using namespace eprosima::fastdds::dds;

static void line(const std::string& text) {
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  std::puts(text.c_str());
  std::fflush(stdout);
}

// text form: numbers in decimal, doubles by their bits, strings by their bytes, sequences in brackets
class Text {
 public:
  Text& operator<<(uint32_t v) { out_ << ' ' << v; return *this; }
  Text& operator<<(int32_t v) { out_ << ' ' << v; return *this; }
  Text& operator<<(double v) {
    uint64_t bits;
    std::memcpy(&bits, &v, sizeof bits);
    char hex[20];
    std::snprintf(hex, sizeof hex, " %016" PRIx64, bits);
    out_ << hex;
    return *this;
  }
  Text& operator<<(const std::string& v) {
    out_ << " '";
    for (unsigned char c : v) {
      char hex[4];
      std::snprintf(hex, sizeof hex, "%02x", c);
      out_ << hex;
    }
    out_ << "'";
    return *this;
  }
  Text& operator<<(const builtin_interfaces::msg::dds_::Time_& v) { return *this << v.sec() << v.nanosec(); }
  Text& operator<<(const builtin_interfaces::msg::dds_::Duration_& v) { return *this << v.sec() << v.nanosec(); }
  Text& operator<<(const std_msgs::msg::dds_::Header_& v) { return *this << v.stamp() << v.frame_id(); }
  Text& operator<<(const std_msgs::msg::dds_::MultiArrayDimension_& v) { return *this << v.label() << v.size() << v.stride(); }
  Text& operator<<(const std_msgs::msg::dds_::Float64MultiArray_& v) {
    return *this << v.layout().dim() << v.layout().data_offset() << v.data();
  }
  Text& operator<<(const sensor_msgs::msg::dds_::JointState_& v) {
    return *this << v.header() << v.name() << v.position() << v.velocity() << v.effort();
  }
  Text& operator<<(const trajectory_msgs::msg::dds_::JointTrajectoryPoint_& v) {
    return *this << v.positions() << v.velocities() << v.accelerations() << v.effort() << v.time_from_start();
  }
  Text& operator<<(const trajectory_msgs::msg::dds_::JointTrajectory_& v) {
    return *this << v.header() << v.joint_names() << v.points();
  }
  Text& operator<<(const rmw_dds_common::msg::dds_::NodeEntitiesInfo_& v) {
    return *this << v.node_namespace() << v.node_name() << static_cast<uint32_t>(v.reader_gid_seq().size())
                 << static_cast<uint32_t>(v.writer_gid_seq().size());
  }
  Text& operator<<(const rmw_dds_common::msg::dds_::ParticipantEntitiesInfo_& v) { return *this << v.node_entities_info_seq(); }
  template <typename T>
  Text& operator<<(const std::vector<T>& v) {
    out_ << " [";
    for (const T& item : v) *this << item;
    out_ << " ]";
    return *this;
  }
  std::string str() const { return out_.str(); }

 private:
  std::ostringstream out_;
};

// prints user data of peers, which are ROS enclaves, when they come and when they say that they leave
class Discovery : public DomainParticipantListener {
  void on_participant_discovery(DomainParticipant*, eprosima::fastrtps::rtps::ParticipantDiscoveryInfo&& info) override {
    using Info = eprosima::fastrtps::rtps::ParticipantDiscoveryInfo;
    const auto& data = info.info.m_userData;
    const std::string enclave(data.begin(), data.end());
    if (info.status == Info::DISCOVERED_PARTICIPANT) line("joined " + enclave);
    if (info.status == Info::REMOVED_PARTICIPANT) line("left " + enclave);
  }
};

template <typename T, typename TPubSub>
class Echo : public DataReaderListener {
 public:
  Echo(DomainParticipant* participant, const std::string& name, const std::string& back, bool transient_local) : name_(name) {
    TypeSupport type(new TPubSub());
    type.register_type(participant);
    DataReaderQos reader_qos = DATAREADER_QOS_DEFAULT;
    reader_qos.reliability().kind = RELIABLE_RELIABILITY_QOS;
    reader_qos.history().depth = 10;
    if (transient_local) reader_qos.durability().kind = TRANSIENT_LOCAL_DURABILITY_QOS;
    if (!back.empty()) {
      DataWriterQos writer_qos = DATAWRITER_QOS_DEFAULT;
      writer_qos.history().depth = 10;
      Topic* topic = participant->create_topic(back, type.get_type_name(), TOPIC_QOS_DEFAULT);
      writer_ = participant->create_publisher(PUBLISHER_QOS_DEFAULT)->create_datawriter(topic, writer_qos);
    }
    Topic* topic = participant->create_topic(name, type.get_type_name(), TOPIC_QOS_DEFAULT);
    participant->create_subscriber(SUBSCRIBER_QOS_DEFAULT)->create_datareader(topic, reader_qos, this);
  }

 private:
  void on_data_available(DataReader* reader) override {
    T message;
    SampleInfo info;
    while (reader->take_next_sample(&message, &info) == ReturnCode_t::RETCODE_OK) {
      if (!info.valid_data) continue;
      line(name_ + (Text() << message).str());
      if (writer_) writer_->write(&message);
    }
  }

  void on_subscription_matched(DataReader*, const SubscriptionMatchedStatus& status) override {
    line(name_ + " has " + std::to_string(status.current_count) + " publishers");
  }

  std::string name_;
  DataWriter* writer_ = nullptr;
};

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: peer <domain>\n");
    return 2;
  }
  // nothing leaves the machine: UDP on the loopback interface only
  auto udp = std::make_shared<eprosima::fastdds::rtps::UDPv4TransportDescriptor>();
  udp->interfaceWhiteList.push_back("127.0.0.1");
  DomainParticipantQos qos = PARTICIPANT_QOS_DEFAULT;
  qos.transport().use_builtin_transports = false;
  qos.transport().user_transports.push_back(udp);

  Discovery discovery;
  auto* factory = DomainParticipantFactory::get_instance();
  auto* participant = factory->create_participant(std::atoi(argv[1]), qos, &discovery, StatusMask::none());
  if (!participant) {
    std::fprintf(stderr, "cannot create a participant\n");
    return 1;
  }
  Echo<sensor_msgs::msg::dds_::JointState_, sensor_msgs::msg::dds_::JointState_PubSubType>
      joints(participant, "rt/joints", "rt/joints_back", false);
  Echo<std_msgs::msg::dds_::Float64MultiArray_, std_msgs::msg::dds_::Float64MultiArray_PubSubType>
      array(participant, "rt/array", "rt/array_back", false);
  Echo<trajectory_msgs::msg::dds_::JointTrajectory_, trajectory_msgs::msg::dds_::JointTrajectory_PubSubType>
      trajectory(participant, "rt/trajectory", "rt/trajectory_back", false);
  Echo<rmw_dds_common::msg::dds_::ParticipantEntitiesInfo_, rmw_dds_common::msg::dds_::ParticipantEntitiesInfo_PubSubType>
      nodes(participant, "ros_discovery_info", "", true);
  line("ready");
  while (std::getchar() != EOF) {
  }
  participant->delete_contained_entities();
  factory->delete_participant(participant);
  return 0;
}
