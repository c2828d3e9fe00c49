import type { Connection } from 'mongoose'
import { DocumentStore } from '../documents/store.ts'

/** The documents of disputes. */
export class DisputeDocuments extends DocumentStore {
  constructor(connection: Connection) {
    super(connection, 'dispute-documents')
  }
}
