/** Whether a load balancer has public addresses. */
export type Exposure = 'internal' | 'public';

/** A way in that outlives the machines behind it. */
export interface ILoadBalancer {
  /** DNS name that clients use; it never changes. */
  readonly address: string;
}
